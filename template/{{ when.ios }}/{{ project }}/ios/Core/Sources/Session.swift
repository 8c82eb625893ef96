// Spec: .specify/memory/constitution.md
import Foundation
import Observation
import Security

/// Keeps one secret on the device.
public protocol Vault: AnyObject {
    var secret: String? { get set }
}

/// The device's keychain: readable while it is unlocked, on this device only.
public final class KeychainVault: Vault {
    private let query: [CFString: Any] = [
        kSecClass: kSecClassGenericPassword,
        kSecAttrService: Bundle.main.bundleIdentifier ?? "app",
        kSecAttrAccount: "session",
    ]

    public init() {}

    public var secret: String? {
        get {
            var found: CFTypeRef?
            let search = query.merging([kSecReturnData: true]) { $1 }
            guard SecItemCopyMatching(search as CFDictionary, &found) == errSecSuccess else { return nil }
            return (found as? Data).map { String(decoding: $0, as: UTF8.self) }
        }
        set {
            SecItemDelete(query as CFDictionary)
            guard let newValue else { return }
            let entry = query.merging([
                kSecValueData: Data(newValue.utf8),
                kSecAttrAccessible: kSecAttrAccessibleWhenUnlockedThisDeviceOnly,
            ]) { $1 }
            SecItemAdd(entry as CFDictionary, nil)
        }
    }
}

/// Who is signed in, at an issuer that speaks Better Auth's protocol.
///
/// The session's cookie stays in the vault; the short-lived token for the API is fetched with it and stays in memory.
/// A token for development (`make token`) stands in for both where no issuer runs. An issuer that asks to be left alone
/// for a while is left alone.
@MainActor
@Observable
public final class Session {
    public private(set) var signedIn: Bool

    @ObservationIgnored private let issuer: URL
    @ObservationIgnored private let vault: any Vault
    @ObservationIgnored private let developmentToken: String?
    @ObservationIgnored private let http: URLSession
    @ObservationIgnored private var token: String?
    @ObservationIgnored private var waits: [String: Date] = [:]

    public init(
        issuer: URL, vault: any Vault, developmentToken: String? = nil, configuration: URLSessionConfiguration = .ephemeral
    ) {
        self.issuer = issuer
        self.vault = vault
        self.developmentToken = developmentToken
        // Cookies are sent by hand: only to the issuer, and only from the vault.
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        http = URLSession(configuration: configuration)
        signedIn = developmentToken != nil || vault.secret != nil
    }

    /// Sign in. Throws `Failure`, with the issuer's own words when it does not know the user.
    public func signIn(email: String, password: String) async throws {
        let body = try JSONEncoder().encode(["email": email, "password": password])
        let (data, answer) = try await ask("POST", "sign-in/email", body: body)
        if (400..<500).contains(answer.statusCode) { throw Failure.signedOut(Session.message(data, answer)) }
        let cookies = (answer.value(forHTTPHeaderField: "Set-Cookie") ?? "").split(separator: ",")
        let pairs = cookies.map { $0.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces) }
        let cookie = pairs.first { $0.prefix { $0 != "=" }.hasSuffix("session_token") }
        guard answer.statusCode == 200, let cookie else {
            throw Failure.refused(status: answer.statusCode, detail: Session.message(data, answer))
        }
        vault.secret = cookie
        token = nil
        signedIn = true
    }

    /// Sign out on this device, and at the issuer if it can be reached.
    public func signOut() async {
        let cookie = vault.secret
        forget()
        if let cookie { _ = try? await ask("POST", "sign-out", cookie: cookie, body: Data("{}".utf8)) }
    }

    /// The token for the API; `refused` is one that the API did not take. Throws `Failure`.
    public func token(insteadOf refused: String? = nil) async throws -> String {
        if let developmentToken, refused == nil { return developmentToken }
        if let token, token != refused { return token }
        guard let cookie = vault.secret else { throw ended() }
        let (data, answer) = try await ask("GET", "token", cookie: cookie)
        if Session.hasEnded(status: answer.statusCode) { throw ended() }
        guard let found = try? JSONDecoder().decode([String: String].self, from: data)["token"] else {
            throw Failure.refused(status: answer.statusCode, detail: Session.message(data, answer))
        }
        token = found
        return found
    }

    /// Whether the issuer says so; every other answer may be better the next time.
    nonisolated static func hasEnded(status: Int) -> Bool { status == 401 || status == 403 }

    private func ended() -> Failure {
        forget()
        return .signedOut("The session has ended. Please sign in again.")
    }

    private func forget() {
        vault.secret = nil
        token = nil
        signedIn = false
    }

    private func ask(
        _ method: String, _ path: String, cookie: String? = nil, body: Data? = nil
    ) async throws -> (Data, HTTPURLResponse) {
        var request = URLRequest(url: issuer.appending(path: "api/auth/\(path)"), timeoutInterval: 15)
        request.httpMethod = method
        request.httpBody = body
        request.setValue("application/json", forHTTPHeaderField: "Accept")
        // The issuer takes cookies only from pages it trusts: its own.
        request.setValue(issuer.absoluteString, forHTTPHeaderField: "Origin")
        if let left = waits[path]?.timeIntervalSinceNow, left > 0 { throw Failure.busy(seconds: Int(left.rounded(.up))) }
        if body != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
        if let cookie { request.setValue(cookie, forHTTPHeaderField: "Cookie") }
        do {
            let (data, answer) = try await http.data(for: request)
            guard let answer = answer as? HTTPURLResponse else { throw Failure.unreachable }
            try leaveAlone(path, answer)
            return (data, answer)
        } catch let error as URLError where error.code != .cancelled {
            throw Failure.unanswered(error)
        }
    }

    /// Remember how long the issuer wants to be left alone. Better Auth's header has a name of its own.
    private func leaveAlone(_ path: String, _ answer: HTTPURLResponse) throws {
        let wait = answer.value(forHTTPHeaderField: "Retry-After") ?? answer.value(forHTTPHeaderField: "X-Retry-After")
        guard let busy = Failure.ofBusy(status: answer.statusCode, retryAfter: wait) else { return }
        if case .busy(.some(let seconds)) = busy { waits[path] = Date.now.addingTimeInterval(TimeInterval(seconds)) }
        throw busy
    }

    private static func message(_ data: Data, _ answer: HTTPURLResponse) -> String {
        struct Refusal: Decodable { let message: String }
        let refusal = try? JSONDecoder().decode(Refusal.self, from: data)
        return refusal?.message ?? "The issuer answered \(answer.statusCode)."
    }
}
