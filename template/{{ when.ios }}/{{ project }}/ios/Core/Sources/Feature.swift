// Spec: .specify/memory/constitution.md
import SwiftUI

/// What a feature brings to the app: a place in the navigation, and the screens behind it.
public protocol Feature {
    /// The name of its list in the API's paths, which no other feature has.
    var path: String { get }

    /// Its name in the navigation.
    var title: String { get }

    /// Its first screen.
    @MainActor func screen(_ connection: Connection) -> AnyView
}
