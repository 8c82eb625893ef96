// Spec: .specify/memory/constitution.md
import Accessibility
import SwiftUI

/// What a failure means, with a way to try again.
public struct FailureNotice: View {
    let failure: Failure
    let retry: () async -> Void

    public init(_ failure: Failure, retry: @escaping () async -> Void) {
        self.failure = failure
        self.retry = retry
    }

    public var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            Label(failure.text, systemImage: "exclamationmark.triangle")
            Button("Try again") { Task { await retry() } }
        }
        .onAppear { AccessibilityNotification.Announcement(failure.text).post() }
    }
}

/// A list that goes on as one scrolls, and what stands in its place while it loads, when it is empty and when it failed.
public struct ListScreen<Source: Repository, Row: View, Detail: View, New: View>: View {
    let title: String
    let model: ListModel<Source>
    let row: (Source.Stored) -> Row
    let detail: (Source.Stored) -> Detail
    let new: () -> New
    @State private var adding = false

    public init(
        _ title: String,
        model: ListModel<Source>,
        @ViewBuilder row: @escaping (Source.Stored) -> Row,
        @ViewBuilder detail: @escaping (Source.Stored) -> Detail,
        @ViewBuilder new: @escaping () -> New
    ) {
        self.title = title
        self.model = model
        self.row = row
        self.detail = detail
        self.new = new
    }

    public var body: some View {
        List {
            if let failure = model.failure, !model.following {
                FailureNotice(failure, retry: model.retry)
            }
            ForEach(model.items) { item in
                NavigationLink { detail(item) } label: { row(item) }
            }
            // The end of what is there: to see it is to ask for what follows.
            if let failure = model.failure, model.following {
                FailureNotice(failure, retry: model.retry)
            } else if model.next != nil {
                ProgressView("Loading")
                    .frame(maxWidth: .infinity)
                    // A task of its own: the row's would end with the row.
                    .task(id: model.loading) { Task { await model.loadMore() } }
            }
        }
        .overlay {
            if model.empty {
                ContentUnavailableView("Nothing here yet", systemImage: "tray")
            } else if model.loading && model.items.isEmpty {
                ProgressView("Loading")
            }
        }
        .navigationTitle(title)
        .refreshable { await model.refresh() }
        .task { await model.refresh() }
        .toolbar {
            ToolbarItem(placement: .topBarTrailing) {
                Button("Add", systemImage: "plus") { adding = true }
            }
        }
        .sheet(isPresented: $adding, onDismiss: { Task { await model.refresh() } }) {
            NavigationStack { new() }
        }
    }
}

/// One item, with the ways to change and to delete it; a deletion is asked about first.
public struct DetailScreen<Source: Repository, Content: View, Edit: View>: View {
    let title: String
    let model: ItemModel<Source>
    let content: (Source.Stored) -> Content
    let edit: () -> Edit
    @Environment(\.dismiss) private var dismiss
    @State private var editing = false
    @State private var asking = false

    public init(
        _ title: String,
        model: ItemModel<Source>,
        @ViewBuilder content: @escaping (Source.Stored) -> Content,
        @ViewBuilder edit: @escaping () -> Edit
    ) {
        self.title = title
        self.model = model
        self.content = content
        self.edit = edit
    }

    public var body: some View {
        List {
            if let failure = model.failure {
                FailureNotice(failure, retry: model.refresh)
            }
            if let item = model.item {
                content(item)
                Button("Delete", role: .destructive) { asking = true }.disabled(model.busy)
            }
        }
        .overlay {
            if model.busy && model.item == nil { ProgressView("Loading") }
        }
        .navigationTitle(title)
        .refreshable { await model.refresh() }
        .task { await model.refresh() }
        .onChange(of: model.deleted) { dismiss() }
        .toolbar {
            ToolbarItem(placement: .topBarTrailing) {
                Button("Edit") { editing = true }.disabled(model.item == nil)
            }
        }
        .sheet(isPresented: $editing, onDismiss: { Task { await model.refresh() } }) {
            NavigationStack { edit() }
        }
        .confirmationDialog("Delete this for good?", isPresented: $asking, titleVisibility: .visible) {
            Button("Delete", role: .destructive) { Task { await model.delete() } }
        }
    }
}

/// A form: its controls, and after a conflict the choice between the two states.
public struct FormScreen<Source: Repository, Shape: Form, Controls: View>: View
where Shape.Stored == Source.Stored, Shape.Sent == Source.Sent {
    let title: String
    let model: EditModel<Source, Shape>
    let controls: () -> Controls
    @Environment(\.dismiss) private var dismiss

    public init(_ title: String, model: EditModel<Source, Shape>, @ViewBuilder controls: @escaping () -> Controls) {
        self.title = title
        self.model = model
        self.controls = controls
    }

    public var body: some View {
        SwiftUI.Form {
            if let failure = model.failure {
                Section {
                    Label(failure.text, systemImage: "exclamationmark.triangle")
                    if failure.unsent { Text("What you entered is still here. Save it again later.") }
                    if failure.uncertain {
                        Text("Perhaps it was saved all the same. What you entered is still here: look at the list before you save it again.")
                    }
                    if model.conflict {
                        Button("Load the newer state") { Task { await model.load() } }
                        Button("Save mine over it") { Task { await model.overwrite() } }
                    }
                }
            }
            controls().disabled(model.busy)
            if model.busy { ProgressView() }
        }
        .navigationTitle(title)
        .navigationBarTitleDisplayMode(.inline)
        .task { await model.load() }
        .onChange(of: model.saved) { if model.saved != nil { dismiss() } }
        .toolbar {
            ToolbarItem(placement: .cancellationAction) { Button("Cancel") { dismiss() } }
            ToolbarItem(placement: .confirmationAction) {
                Button("Save") { Task { await model.save() } }.disabled(model.busy)
            }
        }
    }
}

/// A label and its value, read by a screen reader as one.
public struct Fact: View {
    let label: String
    let value: String

    public init(_ label: String, _ value: String) {
        self.label = label
        self.value = value
    }

    public var body: some View {
        LabeledContent(label, value: value).accessibilityElement(children: .combine)
    }
}

/// E-mail address and password; accounts are opened where the issuer has its pages.
public struct SignInScreen: View {
    let session: Session
    @State private var email = ""
    @State private var password = ""
    @State private var busy = false
    @State private var message: String?

    public init(session: Session) { self.session = session }

    public var body: some View {
        NavigationStack {
            SwiftUI.Form {
                if let message {
                    Label(message, systemImage: "exclamationmark.triangle")
                }
                TextField("E-mail address", text: $email)
                    .textContentType(.username)
                    .keyboardType(.emailAddress)
                    .textInputAutocapitalization(.never)
                    .autocorrectionDisabled()
                SecureField("Password", text: $password).textContentType(.password)
                Button("Sign in") { Task { await signIn() } }.disabled(busy || email.isEmpty || password.isEmpty)
                if busy { ProgressView() }
            }
            .navigationTitle("Sign in")
        }
    }

    private func signIn() async {
        busy = true
        message = nil
        defer { busy = false }
        do {
            // A space may be part of a password.
            try await session.signIn(email: email.trimmingCharacters(in: .whitespaces), password: password)
        } catch {
            message = Failure.of(error)?.text
        }
    }
}
