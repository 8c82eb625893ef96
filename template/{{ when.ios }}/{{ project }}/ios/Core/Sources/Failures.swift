// Spec: .specify/memory/constitution.md
import Foundation
import OpenAPIRuntime

/// Why a request brought nothing.
public enum Failure: Error, Equatable {
    /// No answer came: no network, or no server.
    case unreachable
    /// No answer came in time: what was sent may have been done or not.
    case tooSlow
    /// The server has too much to do (429, 503) and asks to be left alone for some seconds, if it says how many.
    case busy(seconds: Int?)
    /// The server does not know the user (401).
    case signedOut(String)
    /// The item is gone, or was never this user's (404).
    case missing
    /// Somebody changed the item since it was read (412).
    case changed
    /// The server refused values (409, 422), with its message for each field that it named.
    case rejected(String, fields: [String: String])
    /// Every other answer that is no success, with what the server says of it.
    case refused(status: Int, detail: String)

    /// What was sent was not done, through no fault of its own: it can be sent again as it is.
    public var unsent: Bool {
        switch self {
        case .unreachable, .busy: true
        default: false
        }
    }

    /// Nobody knows whether what was sent was done.
    public var uncertain: Bool {
        switch self {
        case .tooSlow: true
        case .refused(let status, _): status >= 500
        default: false
        }
    }

    /// What a person reads.
    public var text: String {
        switch self {
        case .unreachable: "The server cannot be reached."
        case .tooSlow: "The server took too long to answer."
        case .busy(.none): "The server has too much to do. Please try again a little later."
        case .busy(.some(let seconds)): "The server has too much to do. Please try again in \(seconds) s."
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
        if let error = cause as? URLError { return unanswered(error) }
        return .refused(status: 200, detail: "The server's answer cannot be read.")
    }

    /// The failure of a request without an answer.
    static func unanswered(_ error: URLError) -> Failure { error.code == .timedOut ? .tooSlow : .unreachable }

    /// The failure of an answer whose server has too much to do; none if it has not.
    static func ofBusy(status: Int, retryAfter: String?, now: Date = .now) -> Failure? {
        let wait = retryAfter.flatMap { seconds($0, now: now) }
        return status == 429 || (status == 503 && wait != nil) ? .busy(seconds: wait) : nil
    }

    /// Read what Retry-After says, a number of seconds or a date (RFC 9110); what asks for more than an hour is not believed.
    private static func seconds(_ text: String, now: Date) -> Int? {
        let dates = DateFormatter()
        dates.locale = Locale(identifier: "en_US_POSIX")
        dates.timeZone = .gmt
        dates.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let wait = Int(text) ?? dates.date(from: text).map { Int($0.timeIntervalSince(now).rounded(.up)) }
        return wait.flatMap { (0...3600).contains($0) ? $0 : nil }
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
