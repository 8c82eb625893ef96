// Spec: .specify/memory/constitution.md
import Foundation

/// What somebody has entered so far: a text for each field, and what is known of the ids in it.
public struct Draft: Equatable {
    public var texts: [String: String]
    private var known: [String: [Choice]] = [:]

    public init(_ texts: [String: String]) { self.texts = texts }

    public subscript(_ name: String) -> String {
        get { texts[name] ?? "" }
        set { texts[name] = newValue }
    }

    /// What a field refers to; what has no text is known by its id.
    public func chosen(_ name: String) -> [Choice] {
        self[name].split(separator: "\n").map(String.init).map { id in
            known[name]?.first { $0.id == id } ?? Choice(id: id, text: id)
        }
    }

    /// Choose for a field; of many, what is among them already is taken away.
    public mutating func pick(_ choice: Choice, for name: String, most: Int) {
        let chosen = self.chosen(name)
        let others = chosen.filter { $0.id != choice.id }
        if most == 1 {
            known[name] = [choice]
        } else if others.count < chosen.count || chosen.count >= most {
            known[name] = others
        } else {
            known[name] = chosen + [choice]
        }
        self[name] = known[name, default: []].map(\.id).joined(separator: "\n")
    }

    /// Say what the id in a field stands for.
    public func naming(_ name: String, _ id: String?, _ text: String?) -> Draft {
        naming(name, id.map { [$0] } ?? [], [text])
    }

    /// Say what the ids in a field stand for; what has no text is known by its id.
    public func naming(_ name: String, _ ids: [String], _ texts: [String?]) -> Draft {
        var named = self
        named.known[name] = zip(ids, texts).map { Choice(id: $0, text: $1 ?? $0) }
        return named
    }
}

/// A field of any type.
public protocol AnyField {
    var name: String { get }
    var required: Bool { get }
    /// What a new draft holds.
    var initial: String { get }
    var control: Control { get }

    func error(in draft: Draft) -> FieldError?
}

/// One field of a form: its name in JSON, and how it is entered.
public struct FormField<I: Input>: AnyField {
    public let name: String
    public let required: Bool
    public let initial: String
    let input: I

    public var control: Control { input.control }

    /// A switch that has to be on or off begins with off.
    public init(_ name: String, _ input: I, required: Bool = false, initial: String = "") {
        self.name = name
        self.input = input
        self.required = required
        self.initial = initial.isEmpty && required && input.control == .toggle ? "false" : initial
    }

    /// Read the value; none if nothing was entered. Throws `FieldError`.
    public func read(_ draft: Draft) throws -> I.Value? {
        let text = draft[name]
        return text.allSatisfy(\.isWhitespace) ? nil : try input.parse(text)
    }

    /// Read the value of a field that has to have one. Throws `FieldError`.
    public func require(_ draft: Draft) throws -> I.Value {
        guard let value = try read(draft) else { throw FieldError.required }
        return value
    }

    public func text(_ value: I.Value?) -> String { value.map(input.format) ?? "" }

    public func error(in draft: Draft) -> FieldError? {
        do {
            _ = required ? try require(draft) : try read(draft)
            return nil
        } catch {
            return error as? FieldError ?? .malformed
        }
    }
}

/// The form of an entity: from what is stored to a draft, and from a draft to what is sent.
public protocol Form {
    associatedtype Stored
    associatedtype Sent
    static var fields: [any AnyField] { get }

    static func draft(of item: Stored) throws -> Draft
    /// What a draft without errors sends. Throws `FieldError`.
    static func entered(_ draft: Draft) throws -> Sent
}

extension Form {
    public static var blank: Draft {
        Draft(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.initial) }))
    }

    public static func errors(in draft: Draft) -> [String: FieldError] {
        var found: [String: FieldError] = [:]
        for field in fields { found[field.name] = field.error(in: draft) }
        return found
    }
}

/// Write a JSON value of the generated client as text.
public func jsonText<Value: Encodable>(_ value: Value?) throws -> String? {
    guard let value else { return nil }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Read a JSON value of the generated client from text.
public func jsonValue<Value: Decodable>(_ text: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
}

/// Read a JSON value of the generated client from text, if there is any.
public func jsonValue<Value: Decodable>(_ text: String?) throws -> Value? {
    guard let text else { return nil }
    return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
}
