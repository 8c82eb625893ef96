// Spec: .specify/memory/constitution.md
import Foundation

/// What is wrong with a text that somebody entered.
public enum FieldError: Error, Equatable {
    case required
    case malformed
    case tooLong(Int)
    case tooMany(Int)
    case outOfRange(ClosedRange<Int>)
    /// The server's own words.
    case told(String)

    /// What a person reads.
    public var text: String {
        switch self {
        case .required: "This is needed."
        case .malformed: "This does not have the right form."
        case .tooLong(let longest): "At most \(longest) characters."
        case .tooMany(let most): "At most \(most) of them."
        case .outOfRange(let range): "Between \(range.lowerBound) and \(range.upperBound), please."
        case .told(let message): message
        }
    }
}

/// How a value is entered.
public enum Control: Equatable {
    case text, lines, email, address, number, toggle, day, moment, time, duration
    case choice([String])
    /// What the API has at a path, and how many of it at most.
    case reference(String, most: Int)
}

/// How a value of one type is read from a text and written as one.
public protocol Input<Value> {
    associatedtype Value
    var control: Control { get }

    /// Read a text that is not blank. Throws `FieldError`.
    func parse(_ text: String) throws -> Value
    func format(_ value: Value) -> String
}

extension Input {
    public func format(_ value: Value) -> String { "\(value)" }
}

private func matches(_ text: String, _ pattern: String) -> Bool {
    text.range(of: "^(?:\(pattern))$", options: .regularExpression) != nil
}

/// Text of up to a number of characters, as Unicode counts them.
public struct TextInput: Input {
    let longest: Int
    public let control: Control

    public init(_ longest: Int, lines: Bool = false) {
        self.longest = longest
        control = lines ? .lines : .text
    }

    public func parse(_ text: String) throws -> String {
        guard text.unicodeScalars.count <= longest else { throw FieldError.tooLong(longest) }
        return text
    }
}

/// The server checks an address to the letter; here only what is surely none is refused.
public struct EmailInput: Input {
    public let control = Control.email
    public init() {}

    public func parse(_ text: String) throws -> String {
        guard matches(text, "[^@\\s]+@[^@\\s]+\\.[^@\\s]+") else { throw FieldError.malformed }
        return try TextInput(254).parse(text)
    }
}

public struct UrlInput: Input {
    public let control = Control.address
    public init() {}

    public func parse(_ text: String) throws -> String {
        guard matches(text, "https?://\\S+") else { throw FieldError.malformed }
        return try TextInput(500).parse(text)
    }
}

public struct WholeInput: Input {
    let range: ClosedRange<Int>
    public let control = Control.number

    public init(_ range: ClosedRange<Int>) { self.range = range }

    public func parse(_ text: String) throws -> Int {
        guard matches(text, "-?[0-9]+") else { throw FieldError.malformed }
        guard let number = Int(text), range.contains(number) else { throw FieldError.outOfRange(range) }
        return number
    }
}

public struct NumberInput: Input {
    public let control = Control.number
    public init() {}

    public func parse(_ text: String) throws -> Double {
        guard let number = Double(text), number.isFinite else { throw FieldError.malformed }
        return number
    }
}

/// An exact number, as text in JSON: so many digits, so many of them after the point.
public struct DecimalInput: Input {
    let form: String
    public let control = Control.number

    public init(_ digits: Int, _ places: Int) {
        form = "-?[0-9]{1,\(digits - places)}" + (places > 0 ? "(\\.[0-9]{1,\(places)})?" : "")
    }

    public func parse(_ text: String) throws -> String {
        guard matches(text, form) else { throw FieldError.malformed }
        return text
    }
}

public struct SwitchInput: Input {
    public let control = Control.toggle
    public init() {}

    public func parse(_ text: String) throws -> Bool {
        guard let value = Bool(text) else { throw FieldError.malformed }
        return value
    }
}

/// A day, as its text in JSON: 2026-01-15.
public struct DateInput: Input {
    public let control = Control.day
    public init() {}

    public func parse(_ text: String) throws -> String {
        guard matches(text, "[0-9]{4}-[0-9]{2}-[0-9]{2}"), Days.date(text) != nil else { throw FieldError.malformed }
        return text
    }
}

/// A point in time with its offset (RFC 3339).
public struct MomentInput: Input {
    public let control = Control.moment
    public init() {}

    public func parse(_ text: String) throws -> Date {
        guard let date = Moments.date(text) else { throw FieldError.malformed }
        return date
    }

    public func format(_ value: Date) -> String { Moments.text(value) }
}

/// A time of day, as its text in JSON: 09:30:00.
public struct TimeInput: Input {
    public let control = Control.time
    public init() {}

    public func parse(_ text: String) throws -> String {
        guard matches(text, "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?") else { throw FieldError.malformed }
        return text
    }
}

/// A length of time in whole seconds, as its text in JSON: PT1H30M.
public struct DurationInput: Input {
    public let control = Control.duration
    public init() {}

    public func parse(_ text: String) throws -> String {
        guard matches(text, Durations.form) else { throw FieldError.malformed }
        return text
    }
}

public struct IdentifierInput: Input {
    public let control = Control.text
    public init() {}

    public func parse(_ text: String) throws -> String {
        guard UUID(uuidString: text) != nil else { throw FieldError.malformed }
        return text
    }
}

/// The id of what a field refers to, which the API has at a path.
public struct ReferenceInput: Input {
    public let control: Control

    public init(_ path: String) { control = .reference(path, most: 1) }

    public func parse(_ text: String) throws -> String { try IdentifierInput().parse(text) }
}

/// The ids of what a field refers to, each once and up to 100, each in a line of its own.
public struct ReferencesInput: Input {
    public let control: Control
    private static let most = 100

    public init(_ path: String) { control = .reference(path, most: Self.most) }

    public func parse(_ text: String) throws -> [String] {
        var found: [String] = []
        for part in text.split(separator: "\n") {
            let id = try IdentifierInput().parse(String(part))
            if !found.contains(id) { found.append(id) }
        }
        guard found.count <= Self.most else { throw FieldError.tooMany(Self.most) }
        return found
    }

    public func format(_ value: [String]) -> String { value.joined(separator: "\n") }
}

/// A JSON object, kept as its text.
public struct ObjectInput: Input {
    public let control = Control.lines
    public init() {}

    public func parse(_ text: String) throws -> String {
        let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
        guard value is [String: Any] else { throw FieldError.malformed }
        return text
    }
}

/// One of the values of an enum.
public struct ChoiceInput<Value: RawRepresentable & CaseIterable>: Input where Value.RawValue == String {
    public let control = Control.choice(Value.allCases.map(\.rawValue))
    public init() {}

    public func parse(_ text: String) throws -> Value {
        guard let value = Value(rawValue: text) else { throw FieldError.malformed }
        return value
    }

    public func format(_ value: Value) -> String { value.rawValue }
}

private func formatter(_ form: String) -> DateFormatter {
    let formatter = DateFormatter()
    formatter.calendar = Calendar(identifier: .iso8601)
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = .gmt
    formatter.dateFormat = form
    formatter.isLenient = false
    return formatter
}

/// Times of day as JSON writes them, without a time zone.
public enum Times {
    private static let exact = formatter("HH:mm:ss")

    public static func date(_ text: String) -> Date? { exact.date(from: text.count == 5 ? text + ":00" : text) }

    public static func text(_ date: Date) -> String { exact.string(from: date) }
}

/// Lengths of time as JSON writes them (ISO 8601).
public enum Durations {
    // Below 10,000 days, however it is written: hours that make up days, or each unit below the next.
    static let form = "P([0-9]{1,4}D(\(besideDays))?|\(alone))"
    private static let besideDays = clock("([01]?[0-9]|2[0-3])H", "[0-5]?[0-9]M", "[0-5]?[0-9]S")
    private static let alone = clock("[0-9]{1,5}H", "[0-9]{1,6}M", "[0-9]{1,8}S")
    private static let units: [Character: String] = ["D": "d", "H": "h", "M": "min", "S": "s"]

    private static func clock(_ hours: String, _ minutes: String, _ seconds: String) -> String {
        "T(\(hours)(\(minutes))?(\(seconds))?|\(minutes)(\(seconds))?|\(seconds))"
    }

    /// Write a length of time for people: 1 h 30 min.
    public static func words(_ text: String) -> String {
        var (words, digits) = ([String](), "")
        for character in text {
            if let unit = units[character] {
                if Int(digits) != 0 { words.append("\(digits) \(unit)") }
                digits = ""
            } else if character.isNumber {
                digits.append(character)
            }
        }
        return words.isEmpty ? "0 s" : words.joined(separator: " ")
    }
}

/// Days as JSON writes them, without a time zone.
public enum Days {
    private static let formatter = Core.formatter("yyyy-MM-dd")

    public static func date(_ text: String) -> Date? { formatter.date(from: text) }

    public static func text(_ date: Date) -> String { formatter.string(from: date) }
}

/// Points in time as JSON writes them, to the microsecond: Foundation's own formatter stops at the millisecond.
public enum Moments {
    private static let formatter = ISO8601DateFormatter()

    public static func date(_ text: String) -> Date? {
        guard let point = text.firstIndex(of: ".") else { return formatter.date(from: text) }
        let digits = text[text.index(after: point)...].prefix { $0.isASCII && $0.isNumber }
        let zone = text[digits.endIndex...]
        guard let fraction = Double("0.\(digits)"), let date = formatter.date(from: text[..<point] + zone) else { return nil }
        return date.addingTimeInterval(fraction)
    }

    public static func text(_ date: Date) -> String {
        let microseconds = (date.timeIntervalSinceReferenceDate * 1_000_000).rounded()
        let seconds = (microseconds / 1_000_000).rounded(.down)
        let whole = formatter.string(from: Date(timeIntervalSinceReferenceDate: seconds))
        let rest = Int(microseconds - seconds * 1_000_000)
        guard rest > 0 else { return whole }
        return whole.dropLast() + String(format: ".%06d", rest) + "Z"
    }
}
