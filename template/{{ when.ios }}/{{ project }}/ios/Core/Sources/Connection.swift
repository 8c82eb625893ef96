// Spec: .specify/memory/constitution.md
import Foundation
import HTTPTypes
import OpenAPIRuntime
import OpenAPIURLSession

/// The way to the project's API, as the user of the session: what every feature's generated client is made of.
public struct Connection {
    public let api: URL
    let session: Session

    public init(api: URL, session: Session) {
        self.api = api
        self.session = session
    }

    /// How every generated client reads and writes.
    public static let configuration = Configuration(dateTranscoder: MomentTranscoder())

    public var transport: any ClientTransport {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.timeoutIntervalForRequest = 15
        return URLSessionTransport(configuration: .init(session: URLSession(configuration: configuration)))
    }

    /// The steps that every request goes through; `fields` are the names that a body of the feature has.
    public func middlewares(fields: [any AnyField]) -> [any ClientMiddleware] {
        [ProblemMiddleware(), TokenMiddleware(session: session), ExplicitNulls(names: fields.map(\.name))]
    }
}

extension Connection {
    /// What the user has that can be referred to.
    public var choices: any Choices {
        ServerChoices(api: api, transport: transport, middlewares: middlewares(fields: []))
    }
}

/// What the API offers to forms. Its route stands in no contract, so no client is generated for it.
struct ServerChoices: Choices {
    typealias Step = @Sendable (HTTPRequest, HTTPBody?, URL) async throws -> (HTTPResponse, HTTPBody?)

    let api: URL
    let transport: any ClientTransport
    let middlewares: [any ClientMiddleware]

    func find(_ path: String, _ search: String) async throws -> [Choice] {
        var address = URLComponents()
        address.path = "/api/choices/\(path)"
        address.queryItems = [URLQueryItem(name: "search", value: search)]
        // The server would read it as a space.
        address.percentEncodedQuery = address.percentEncodedQuery?.replacingOccurrences(of: "+", with: "%2B")
        let request = HTTPRequest(method: .get, scheme: nil, authority: nil, path: address.string)
        let (_, answer) = try await send(request)
        var data = Data()
        if let answer { data = try await Data(collecting: answer, upTo: 1 << 20) }
        return try JSONDecoder().decode([Choice].self, from: data)
    }

    private func send(_ request: HTTPRequest) async throws -> (HTTPResponse, HTTPBody?) {
        let operation = "list_choices"
        var next: Step = { [transport] request, body, url in
            try await transport.send(request, body: body, baseURL: url, operationID: operation)
        }
        for middleware in middlewares.reversed() {
            next = { [next] request, body, url in
                try await middleware.intercept(request, body: body, baseURL: url, operationID: operation, next: next)
            }
        }
        return try await next(request, nil, api)
    }
}

/// Points in time as the server writes them, to the microsecond.
struct MomentTranscoder: DateTranscoder {
    func encode(_ date: Date) throws -> String { Moments.text(date) }

    func decode(_ text: String) throws -> Date {
        guard let date = Moments.date(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no point in time: \(text)"))
        }
        return date
    }
}

/// Turns every answer that is no success into a `Failure`.
struct ProblemMiddleware: ClientMiddleware {
    func intercept(
        _ request: HTTPRequest, body: HTTPBody?, baseURL: URL, operationID: String,
        next: @Sendable (HTTPRequest, HTTPBody?, URL) async throws -> (HTTPResponse, HTTPBody?)
    ) async throws -> (HTTPResponse, HTTPBody?) {
        let (response, answer) = try await next(request, body, baseURL)
        guard response.status.code >= 400 else { return (response, answer) }
        let wait = HTTPField.Name("Retry-After").flatMap { response.headerFields[$0] }
        if let busy = Failure.ofBusy(status: response.status.code, retryAfter: wait) { throw busy }
        var data = Data()
        if let answer { data = try await Data(collecting: answer, upTo: 1 << 20) }
        throw Problem.failure(status: response.status.code, body: data)
    }
}

/// Sends the user's token; one that has expired is replaced once.
struct TokenMiddleware: ClientMiddleware {
    let session: Session

    func intercept(
        _ request: HTTPRequest, body: HTTPBody?, baseURL: URL, operationID: String,
        next: @Sendable (HTTPRequest, HTTPBody?, URL) async throws -> (HTTPResponse, HTTPBody?)
    ) async throws -> (HTTPResponse, HTTPBody?) {
        var request = request
        let token = try await session.token()
        request.headerFields[.authorization] = "Bearer \(token)"
        let first = try await next(request, body, baseURL)
        guard first.0.status.code == 401 else { return first }
        request.headerFields[.authorization] = "Bearer \(try await session.token(insteadOf: token))"
        return try await next(request, body, baseURL)
    }
}

/// Sends null for every field that has no value.
///
/// A generated type leaves such a field out, and for a field with a default that would mean the default.
struct ExplicitNulls: ClientMiddleware {
    let names: [String]

    func intercept(
        _ request: HTTPRequest, body: HTTPBody?, baseURL: URL, operationID: String,
        next: @Sendable (HTTPRequest, HTTPBody?, URL) async throws -> (HTTPResponse, HTTPBody?)
    ) async throws -> (HTTPResponse, HTTPBody?) {
        guard let body else { return try await next(request, nil, baseURL) }
        let data = try await Data(collecting: body, upTo: 1 << 20)
        return try await next(request, HTTPBody(try completed(data)), baseURL)
    }

    func completed(_ data: Data) throws -> Data {
        guard var fields = try JSONSerialization.jsonObject(with: data) as? [String: Any] else { return data }
        for name in names where fields[name] == nil { fields[name] = NSNull() }
        return try JSONSerialization.data(withJSONObject: fields)
    }
}
