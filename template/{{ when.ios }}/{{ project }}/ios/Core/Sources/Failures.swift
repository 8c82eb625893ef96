// Spec: .specify/memory/constitution.md
import Foundation
import OpenAPIRuntime

/// Why a request brought nothing.
public enum Failure: Error, Equatable {
    /// No answer came: no network, no server, or too late.
    case unreachable
    /// The server does not know the user (401).
    case signedOut(String)
    /// The item is gone, or was never this user's (404).
    case missing
    /// Somebody changed the item since it was read (412).
    case changed
    /// The server refused values (409, 422), with its message for each field that it named.
    case rejected(String, fields: [String: String])
    /// Every other answer that is no success.
    case refused(status: Int, detail: String)

    /// What a person reads.
    public var text: String {
        switch self {
        case .unreachable: "The server cannot be reached."
        case .signedOut(let detail): detail
        case .missing: "This is not there any more."
        case .changed: "Somebody changed this in the meantime."
        case .rejected(let detail, _): detail
        case .refused(_, let detail): detail
        }
    }

    /// The failure that an error of the generated client stands for; none if the work was only cancelled.
    static func of(_ error: any Error) -> Failure? {
        let cause = (error as? ClientError)?.underlyingError ?? error
        if let failure = cause as? Failure { return failure }
        if cause is CancellationError || (cause as? URLError)?.code == .cancelled { return nil }
        if cause is URLError { return .unreachable }
        return .refused(status: 200, detail: "The server's answer cannot be read.")
    }
}

/// A problem of the server, in the form of RFC 9457.
struct Problem: Decodable {
    struct Field: Decodable {
        let field: String
        let message: String
    }

    let detail: String?
    let errors: [Field]?

    /// The failure of an answer that is no success, whoever sent it.
    static func failure(status: Int, body: Data) -> Failure {
        let problem = try? JSONDecoder().decode(Problem.self, from: body)
        let detail = problem?.detail ?? "The server answered \(status)."
        switch status {
        case 401: return .signedOut(detail)
        case 404: return .missing
        case 409, 422:
            let pairs = (problem?.errors ?? []).map { error in
                (error.field.hasPrefix("body.") ? String(error.field.dropFirst(5)) : error.field, error.message)
            }
            return .rejected(detail, fields: Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
        case 412: return .changed
        default: return .refused(status: status, detail: detail)
        }
    }
}
