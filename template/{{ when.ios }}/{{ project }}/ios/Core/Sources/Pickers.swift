// Spec: .specify/memory/constitution.md
import Accessibility
import SwiftUI

/// An app without a server, as in a preview.
private struct NoChoices: Choices {
    func find(_ path: String, _ search: String) async throws -> [Choice] { throw Failure.unreachable }
}

extension EnvironmentValues {
    /// Where the pickers of all forms find what they offer.
    @Entry public var choices: any Choices = NoChoices()
}

/// The control for what a field refers to: the texts of what is chosen, and behind it a list that is searched on the server.
public struct PickerControl<Source: Repository, Shape: Form>: View
where Shape.Stored == Source.Stored, Shape.Sent == Source.Sent {
    let field: any AnyField
    let label: String
    let model: EditModel<Source, Shape>
    @Environment(\.choices) private var choices
    @State private var choosing = false

    public init(_ field: any AnyField, _ label: String, model: EditModel<Source, Shape>) {
        self.field = field
        self.label = label
        self.model = model
    }

    public var body: some View {
        if case .reference(let path, let most) = field.control {
            if most == 1 { one(path) } else { Section(label) { many(path, most) } }
        }
    }

    private var chosen: [Choice] { model.draft.chosen(field.name) }

    @ViewBuilder private func one(_ path: String) -> some View {
        VStack(alignment: .leading) {
            chooser(path, most: 1) { LabeledContent(label, value: chosen.first?.text ?? "Not set") }.tint(.primary)
            error
        }
        if !field.required && !chosen.isEmpty {
            Button("Clear", role: .destructive) { model.enter("", into: field.name) }
                .accessibilityLabel("Clear \(label)")
        }
    }

    @ViewBuilder private func many(_ path: String, _ most: Int) -> some View {
        ForEach(chosen) { choice in
            HStack {
                Text(choice.text)
                Spacer()
                Button("Remove", systemImage: "minus.circle", role: .destructive) { model.pick(choice, for: field) }
                    .labelStyle(.iconOnly)
                    .buttonStyle(.borderless)
                    .accessibilityLabel("Remove \(choice.text)")
            }
        }
        chooser(path, most: most) { Text("Choose") }.accessibilityLabel("Choose \(label)")
        error
    }

    private func chooser<Content: View>(_ path: String, most: Int, @ViewBuilder content: () -> Content) -> some View {
        Button(action: { choosing = true }, label: content)
            // Not a link: a form that is left and entered again is loaded anew.
            .sheet(isPresented: $choosing) {
                NavigationStack {
                    PickerScreen(field, label, most: most, model: model, offer: PickerModel(choices, path: path))
                }
            }
    }

    @ViewBuilder private var error: some View {
        if let error = model.errors[field.name] {
            Text(error.text).font(.footnote).foregroundStyle(.red)
        }
    }
}

/// What is offered for what somebody types.
private struct PickerScreen<Source: Repository, Shape: Form>: View
where Shape.Stored == Source.Stored, Shape.Sent == Source.Sent {
    let field: any AnyField
    let label: String
    let most: Int
    let model: EditModel<Source, Shape>
    @State private var offer: PickerModel
    @Environment(\.dismiss) private var dismiss

    init(_ field: any AnyField, _ label: String, most: Int, model: EditModel<Source, Shape>, offer: PickerModel) {
        self.field = field
        self.label = label
        self.most = most
        self.model = model
        _offer = State(initialValue: offer)
    }

    var body: some View {
        List {
            if let failure = offer.failure {
                FailureNotice(failure, retry: offer.ask)
            }
            if full { Text(FieldError.tooMany(most).text) }
            ForEach(offer.offered) { choice in
                row(choice, picked: chosen.contains { $0.id == choice.id })
            }
            if offer.cut {
                Text("These are the first \(offer.offered.count). Type to find others.").foregroundStyle(.secondary)
            }
        }
        .overlay {
            if offer.empty && offer.search.isEmpty {
                ContentUnavailableView("Nothing here yet", systemImage: "tray")
            } else if offer.empty {
                ContentUnavailableView("Nothing fits", systemImage: "magnifyingglass")
            } else if offer.loading && offer.offered.isEmpty {
                ProgressView("Loading")
            }
        }
        .searchable(text: $offer.search, placement: .navigationBarDrawer(displayMode: .always))
        .autocorrectionDisabled()
        .navigationTitle(label)
        .navigationBarTitleDisplayMode(.inline)
        .task(id: offer.search) { await offer.ask() }
        .onChange(of: offer.empty) {
            if offer.empty && !offer.search.isEmpty { AccessibilityNotification.Announcement("Nothing fits").post() }
        }
        .toolbar {
            ToolbarItem(placement: .confirmationAction) { Button("Done") { dismiss() } }
        }
    }

    private var chosen: [Choice] { model.draft.chosen(field.name) }

    private var full: Bool { most > 1 && chosen.count >= most }

    private func row(_ choice: Choice, picked: Bool) -> some View {
        Button {
            model.pick(choice, for: field)
            if most == 1 { dismiss() }
        } label: {
            HStack {
                Text(choice.text)
                Spacer()
                if picked { Image(systemName: "checkmark").accessibilityHidden(true) }
            }
        }
        .tint(.primary)
        .disabled(full && !picked)
        .accessibilityAddTraits(picked ? .isSelected : [])
    }
}
