// Spec: .specify/memory/constitution.md
import Foundation
import Observation

/// What the server stores. No field of the API has a capital in its name, so none can take this one's place.
public protocol Versioned: Identifiable, Equatable where ID == String {
    /// The state that a change is made to, as If-Match takes it.
    var eTag: String { get }
}

/// What is stored and counts its version under that name.
public protocol Item: Versioned {
    var version: Int { get }
}

extension Item {
    public var eTag: String { "\"\(version)\"" }
}

/// A part of a list; `next` is the cursor of the one that follows, if there is one.
public struct Page<Element> {
    /// How many items a part has, and how many at most.
    public static var size: Int { 20 }
    public static var most: Int { 100 }

    public let items: [Element]
    public let next: String?

    public init(items: [Element], next: String?) {
        self.items = items
        self.next = next
    }
}

/// Where the items of one feature come from; the errors are those of the generated client.
public protocol Repository<Stored, Sent> {
    associatedtype Stored: Versioned
    associatedtype Sent

    func list(cursor: String?, limit: Int) async throws -> Page<Stored>
    func read(_ id: String) async throws -> Stored
    func create(_ entered: Sent) async throws -> Stored
    func replace(_ item: Stored, with entered: Sent) async throws -> Stored
    func delete(_ item: Stored) async throws
}

/// The list of a feature, loaded in parts as far as somebody scrolls.
@MainActor
@Observable
public final class ListModel<Source: Repository> {
    public private(set) var items: [Source.Stored] = []
    /// The cursor of the part that follows, if there is one.
    public private(set) var next: String?
    public private(set) var loading = false
    public private(set) var failure: Failure?
    /// Whether `loading` and `failure` are of the part that follows, and not of the list from its beginning.
    public private(set) var following = false

    public var empty: Bool { items.isEmpty && !loading && failure == nil }

    @ObservationIgnored let source: Source
    /// How often something was loaded: only the latest load is shown.
    @ObservationIgnored private var loads = 0

    public init(_ source: Source) { self.source = source }

    /// Load the list anew, as far as it is shown; that stays until the answers are there.
    public func refresh() async { await load(items.count, of: [], from: nil) }

    /// Load the part that follows, if there is one. One that failed waits for `retry`.
    public func loadMore() async {
        if next != nil && !loading && !(following && failure != nil) { await follow() }
    }

    /// Load again what failed.
    public func retry() async {
        if following { await follow() } else { await refresh() }
    }

    private func follow() async { await load(items.count + 1, of: items, from: next) }

    /// Add parts to the items that are kept, until there are as many as wanted, or no more.
    private func load(_ wanted: Int, of kept: [Source.Stored], from cursor: String?) async {
        loads += 1
        let load = loads
        loading = true
        failure = nil
        following = cursor != nil
        defer { if load == loads { loading = false } }
        var found = kept
        var cursor = cursor
        do {
            repeat {
                let limit = min(max(wanted - found.count, Page<Source.Stored>.size), Page<Source.Stored>.most)
                let page = try await source.list(cursor: cursor, limit: limit)
                let known = Set(found.map(\.id))
                found += page.items.filter { !known.contains($0.id) }
                cursor = page.next
            } while cursor != nil && found.count < wanted
            guard load == loads else { return }
            items = found
            next = cursor
        } catch {
            if load == loads { failure = Failure.of(error) }
        }
    }
}

/// One item: shown, and deleted in the state in which it is shown.
@MainActor
@Observable
public final class ItemModel<Source: Repository> {
    public private(set) var item: Source.Stored?
    public private(set) var busy = false
    public private(set) var failure: Failure?
    public private(set) var deleted = false

    @ObservationIgnored let source: Source
    @ObservationIgnored let id: String

    public init(_ source: Source, id: String) {
        self.source = source
        self.id = id
    }

    public func refresh() async {
        await work { self.item = try await self.source.read(self.id) }
    }

    public func delete() async {
        guard let item else { return }
        await work {
            try await self.source.delete(item)
            self.deleted = true
        }
    }

    private func work(_ step: () async throws -> Void) async {
        guard !busy else { return }
        busy = true
        failure = nil
        defer { busy = false }
        do { try await step() } catch { failure = Failure.of(error) }
    }
}

/// The form of a feature: a new item, or the one that an id names.
@MainActor
@Observable
public final class EditModel<Source: Repository, Shape: Form>
where Shape.Stored == Source.Stored, Shape.Sent == Source.Sent {
    public private(set) var draft = Shape.blank
    public private(set) var errors: [String: FieldError] = [:]
    public private(set) var busy = false
    public private(set) var failure: Failure?
    public private(set) var saved: Source.Stored?

    /// Somebody else was faster: the user decides between `load` and `overwrite`.
    public var conflict: Bool { failure == .changed }

    @ObservationIgnored let source: Source
    @ObservationIgnored let id: String?
    @ObservationIgnored private var original: Source.Stored?

    public init(_ source: Source, _ shape: Shape.Type, id: String? = nil) {
        self.source = source
        self.id = id
    }

    /// Take over the item as it is stored now; what was entered is lost.
    public func load() async {
        guard let id else { return }
        await work {
            let item = try await self.source.read(id)
            self.original = item
            self.draft = try Shape.draft(of: item)
        }
    }

    /// Change one text of the draft, unless the draft is on its way to the server.
    public func enter(_ text: String, into name: String) {
        guard !busy else { return }
        draft[name] = text
        errors[name] = nil
    }

    /// Choose what a field refers to, unless the draft is on its way to the server.
    public func pick(_ choice: Choice, for field: any AnyField) {
        guard !busy, case .reference(_, let most) = field.control else { return }
        draft.pick(choice, for: field.name, most: most)
        errors[field.name] = nil
    }

    /// Send the draft, unless a field says that it cannot be right.
    public func save() async {
        errors = Shape.errors(in: draft)
        failure = nil
        guard errors.isEmpty else { return }
        await send(as: original)
    }

    /// Send the draft again, this time as a change to the newest state of the item.
    public func overwrite() async {
        guard let id else { return }
        await work { self.original = try await self.source.read(id) }
        if failure == nil { await send(as: original) }
    }

    private func send(as original: Source.Stored?) async {
        await work {
            let entered = try Shape.entered(self.draft)
            if let original {
                self.saved = try await self.source.replace(original, with: entered)
            } else {
                self.saved = try await self.source.create(entered)
            }
        }
    }

    private func work(_ step: () async throws -> Void) async {
        guard !busy else { return }
        busy = true
        failure = nil
        defer { busy = false }
        do {
            try await step()
        } catch {
            failure = Failure.of(error)
            if case .rejected(_, let fields) = failure { errors = fields.mapValues(FieldError.told) }
        }
    }
}
