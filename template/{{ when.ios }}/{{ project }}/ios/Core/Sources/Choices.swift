// Spec: .specify/memory/constitution.md
import Foundation
import Observation

/// Something that can be referred to, and the text that people know it by.
public struct Choice: Identifiable, Equatable, Decodable {
    public let id: String
    public let text: String

    public init(id: String, text: String) {
        self.id = id
        self.text = text
    }
}

/// What the user has that can be referred to.
public protocol Choices {
    /// Find up to `Page.size` at a path of the API whose text has the searched one in it.
    func find(_ path: String, _ search: String) async throws -> [Choice]
}

/// Offers what a field can refer to, found on the server by what somebody types.
@MainActor
@Observable
public final class PickerModel {
    public var search = ""
    public private(set) var offered: [Choice] = []
    public private(set) var loading = false
    public private(set) var failure: Failure?

    public var empty: Bool { offered.isEmpty && !loading && failure == nil }

    /// As many are offered as the server tells at once: there may be others.
    public var cut: Bool { offered.count >= Page<Choice>.size }

    @ObservationIgnored let source: any Choices
    @ObservationIgnored let path: String
    /// How long nobody types before the server is asked.
    @ObservationIgnored let pause: Duration
    /// How often something was asked for: only the latest answer is shown.
    @ObservationIgnored private var asks = 0

    public init(_ source: any Choices, path: String, pause: Duration = .milliseconds(200)) {
        self.source = source
        self.path = path
        self.pause = pause
    }

    /// Ask for what is typed, as soon as nobody types on: whoever does cancels this and asks again.
    public func ask() async {
        asks += 1
        let ask = asks
        loading = true
        failure = nil
        defer { if ask == asks { loading = false } }
        do {
            if !search.isEmpty { try await Task.sleep(for: pause) }
            guard ask == asks else { return }
            let found = try await source.find(path, search)
            if ask == asks { offered = found }
        } catch {
            guard ask == asks, let found = Failure.of(error) else { return }
            offered = []
            failure = found
        }
    }
}
