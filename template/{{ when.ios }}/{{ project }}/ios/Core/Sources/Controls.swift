// Spec: .specify/memory/constitution.md
import SwiftUI

/// The control for one field: a switch, a choice, a day, or a text with the keyboard that its type asks for.
public struct FieldControl: View {
    let field: any AnyField
    let label: String
    let error: FieldError?
    @Binding var text: String
    let choices: [String: String]

    public init(
        _ field: any AnyField, _ label: String, text: Binding<String>, error: FieldError?, choices: [String: String] = [:]
    ) {
        self.field = field
        self.label = label
        self.error = error
        self.choices = choices
        _text = text
    }

    public var body: some View {
        VStack(alignment: .leading) {
            control
            if let error {
                Text(error.text).font(.footnote).foregroundStyle(.red)
            }
        }
        .accessibilityElement(children: .contain)
    }

    @ViewBuilder private var control: some View {
        switch field.control {
        case .toggle where field.required:
            Toggle(label, isOn: Binding(get: { text == "true" }, set: { text = $0 ? "true" : "false" }))
        case .toggle:
            ChoiceControl(label: label, text: $text, values: ["", "true", "false"], names: ["true": "Yes", "false": "No"])
        case .choice(let values):
            ChoiceControl(label: label, text: $text, values: (field.required ? [] : [""]) + values, names: choices)
        case .day:
            DateControl(
                label: label, required: field.required, text: $text, components: .date, read: Days.date, write: Days.text
            )
            .environment(\.timeZone, .gmt)
        case .time:
            DateControl(
                label: label, required: field.required, text: $text, components: .hourAndMinute,
                read: Times.date, write: Times.text
            )
            .environment(\.timeZone, .gmt)
        case .moment:
            DateControl(
                label: label, required: field.required, text: $text, components: [.date, .hourAndMinute],
                read: Moments.date, write: Moments.text
            )
        default:
            TextControl(label: label, text: $text, control: field.control, required: field.required)
        }
    }
}

private struct TextControl: View {
    let label: String
    @Binding var text: String
    let control: Control
    let required: Bool

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            // The placeholder goes as soon as something is entered: the label has to stay.
            Text(label).font(.caption).foregroundStyle(.secondary).accessibilityHidden(true)
            TextField(label, text: $text, prompt: required ? nil : Text("Optional"), axis: control == .lines ? .vertical : .horizontal)
                .lineLimit(control == .lines ? 3...10 : 1...1)
                .keyboardType(keyboard)
                .textInputAutocapitalization(plain ? .never : .sentences)
                .autocorrectionDisabled(plain)
        }
    }

    private var plain: Bool { control != .text && control != .lines }

    private var keyboard: UIKeyboardType {
        switch control {
        case .email: .emailAddress
        case .address: .URL
        case .number: .numbersAndPunctuation
        default: .default
        }
    }
}

private struct ChoiceControl: View {
    let label: String
    @Binding var text: String
    let values: [String]
    let names: [String: String]

    var body: some View {
        Picker(label, selection: $text) {
            // A choice that has to be made has no value of its own until then.
            if !values.contains(text) { Text("Choose").tag(text) }
            ForEach(values, id: \.self) { value in
                Text(value.isEmpty ? "Not set" : names[value] ?? value).tag(value)
            }
        }
    }
}

/// A date that is written only when somebody changes it, so that what was stored stays exact.
private struct DateControl: View {
    let label: String
    let required: Bool
    @Binding var text: String
    let components: DatePickerComponents
    let read: (String) -> Date?
    let write: (Date) -> String

    var body: some View {
        if text.isEmpty {
            LabeledContent(label) {
                Button("Set") { text = write(.now) }.accessibilityLabel("Set \(label)")
            }
        } else {
            DatePicker(
                label,
                selection: Binding(get: { read(text) ?? .now }, set: { text = write($0) }),
                displayedComponents: components
            )
            if !required {
                Button("Clear", role: .destructive) { text = "" }.accessibilityLabel("Clear \(label)")
            }
        }
    }
}

/// Write a field's text for people: dates in their form and time zone, choices by their label.
public func valueText(_ field: any AnyField, _ text: String, _ choices: [String: String] = [:]) -> String {
    if text.isEmpty { return "Not set" }
    switch field.control {
    case .toggle: return text == "true" ? "Yes" : "No"
    case .day:
        var style = Date.FormatStyle(date: .abbreviated, time: .omitted)
        style.timeZone = .gmt
        return Days.date(text)?.formatted(style) ?? text
    case .time:
        var style = Date.FormatStyle(date: .omitted, time: .shortened)
        style.timeZone = .gmt
        return Times.date(text)?.formatted(style) ?? text
    case .duration: return Durations.words(text)
    case .moment: return Moments.date(text)?.formatted(date: .abbreviated, time: .shortened) ?? text
    default: return choices[text] ?? text
    }
}
