// Spec: .specify/memory/constitution.md
import Core
import Registry
import SwiftUI

@main
struct MainApp: App {
    @State private var session = Session(
        issuer: MainApp.address("ISSUER"),
        vault: KeychainVault(),
        developmentToken: MainApp.developmentToken
    )

    var body: some Scene {
        WindowGroup {
            if session.signedIn {
                Home(session: session, connection: Connection(api: MainApp.address("API"), session: session))
            } else {
                SignInScreen(session: session)
            }
        }
    }

    /// An address of the build's settings, from Info.plist.
    private static func address(_ name: String) -> URL {
        guard let text = Bundle.main.object(forInfoDictionaryKey: name) as? String,
            let address = URL(string: text), address.host() != nil
        else { fatalError("the build setting \(name) is no address") }
        return address
    }

    private static var developmentToken: String? {
        #if DEBUG
        return ProcessInfo.processInfo.environment["DEVELOPMENT_TOKEN"]
        #else
        return nil
        #endif
    }
}

/// The features side by side.
struct Home: View {
    let session: Session
    let connection: Connection

    var body: some View {
        TabView {
            ForEach(features, id: \.path) { feature in
                NavigationStack {
                    feature.screen(connection)
                        .toolbar {
                            ToolbarItem(placement: .topBarLeading) {
                                Button("Sign out") { Task { await session.signOut() } }
                            }
                        }
                }
                .tabItem { Label(feature.title, systemImage: "list.bullet") }
            }
        }
        .environment(\.choices, connection.choices)
    }
}
