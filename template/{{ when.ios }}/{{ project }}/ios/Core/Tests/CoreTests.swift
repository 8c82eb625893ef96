// Spec: .specify/memory/constitution.md
import Foundation
import HTTPTypes
import OpenAPIRuntime
import Testing

@testable import Core

private struct Note: Item {
    let id: String
    var version = 1
    var text: String
}

private enum NoteForm: Form {
    static let text = FormField("text", TextInput(20), required: true, initial: "new")
    static let before = FormField("before_id", ReferenceInput("notes"))
    static let fields: [any AnyField] = [text, before]

    static func draft(of item: Note) throws -> Draft { Draft(["text": text.text(item.text)]) }
    static func entered(_ draft: Draft) throws -> String { try text.require(draft) }
}

/// The rules of the API in memory: parts of two, a version for each item. A cursor names the item before a part.
private final class Notes: Repository {
    var stored: [Note]
    var failure: Failure?
    var reads = 0

    init(_ texts: String...) { stored = texts.map { Note(id: $0, text: $0) } }

    private func place(_ id: String) throws -> Int {
        if let failure { throw failure }
        guard let place = stored.firstIndex(where: { $0.id == id }) else { throw Failure.missing }
        return place
    }

    func list(cursor: String?, limit: Int) async throws -> Page<Note> {
        if let failure { throw failure }
        reads += 1
        let rest = stored.dropFirst(stored.firstIndex { $0.id == cursor }.map { $0 + 1 } ?? 0)
        return Page(items: Array(rest.prefix(2)), next: rest.count > 2 ? rest.prefix(2).last?.id : nil)
    }

    func read(_ id: String) async throws -> Note { stored[try place(id)] }

    func create(_ entered: String) async throws -> Note {
        if let failure { throw failure }
        stored.append(Note(id: entered, text: entered))
        return stored[stored.count - 1]
    }

    func replace(_ item: Note, with entered: String) async throws -> Note {
        let place = try place(item.id)
        guard stored[place].version == item.version else { throw Failure.changed }
        stored[place] = Note(id: item.id, version: item.version + 1, text: entered)
        return stored[place]
    }

    func delete(_ item: Note) async throws {
        let place = try place(item.id)
        guard stored[place].version == item.version else { throw Failure.changed }
        stored.remove(at: place)
    }
}

@MainActor
struct ModelTests {
    @Test func aListIsLoadedInParts() async {
        let model = ListModel(Notes("a", "b", "c"))
        await model.refresh()
        #expect(model.items.map(\.text) == ["a", "b"])
        await model.loadMore()
        #expect(model.items.map(\.text) == ["a", "b", "c"])
        #expect(model.next == nil)
        await model.loadMore()
        #expect(model.source.reads == 2)
    }

    @Test func aRefreshReadsAsFarAsTheListIsShown() async {
        let notes = Notes("a", "b", "c", "d", "e")
        let model = ListModel(notes)
        await model.refresh()
        await model.loadMore()
        notes.stored.removeFirst()
        await model.refresh()
        #expect(model.items.map(\.text) == ["b", "c", "d", "e"])
    }

    @Test func aPartThatFailedIsLoadedAgainWhenSomebodyAsksForIt() async {
        let notes = Notes("a", "b", "c")
        let model = ListModel(notes)
        await model.refresh()
        notes.failure = .busy(seconds: 5)
        await model.loadMore()
        #expect(model.failure == .busy(seconds: 5))
        #expect(model.following)
        notes.failure = nil
        await model.loadMore()
        #expect(model.items.count == 2)
        await model.retry()
        #expect(model.items.map(\.text) == ["a", "b", "c"])
        #expect(model.failure == nil)
    }

    @Test func aListIsEmptyOnlyWhenNothingFailed() async {
        let notes = Notes()
        let model = ListModel(notes)
        await model.refresh()
        #expect(model.empty)
        notes.failure = .unreachable
        await model.refresh()
        #expect(model.failure == .unreachable)
        #expect(!model.empty)
    }

    @Test func anItemThatSomebodyChangedIsNotDeleted() async throws {
        let notes = Notes("a")
        let model = ItemModel(notes, id: "a")
        await model.refresh()
        _ = try await notes.replace(notes.stored[0], with: "b")
        await model.delete()
        #expect(model.failure == .changed)
        #expect(!model.deleted)
        await model.refresh()
        await model.delete()
        #expect(model.deleted)
    }

    @Test func aDraftWithErrorsIsNotSent() async {
        let notes = Notes()
        let model = EditModel(notes, NoteForm.self)
        model.enter(String(repeating: "x", count: 21), into: "text")
        await model.save()
        #expect(model.errors == ["text": .tooLong(20)])
        #expect(notes.stored.isEmpty)
    }

    @Test func whatTheServerRefusesStandsAtItsField() async {
        let notes = Notes()
        let model = EditModel(notes, NoteForm.self)
        notes.failure = .rejected("taken", fields: ["text": "is taken"])
        await model.save()
        #expect(model.errors == ["text": .told("is taken")])
        #expect(model.saved == nil)
    }

    @Test func whatIsChosenIsInTheDraftAndNoErrorAnyMore() async {
        let notes = Notes()
        let model = EditModel(notes, NoteForm.self)
        notes.failure = .rejected("gone", fields: ["before_id": "is not there"])
        await model.save()
        #expect(model.errors.keys.sorted() == ["before_id"])
        let choice = Choice(id: UUID().uuidString, text: "Milk")
        model.pick(choice, for: NoteForm.before)
        #expect(model.draft.chosen("before_id") == [choice])
        #expect(model.errors.isEmpty)
    }

    @Test(arguments: [
        (Failure.unreachable, true, false), (.busy(seconds: nil), true, false), (.tooSlow, false, true),
        (.refused(status: 502, detail: ""), false, true), (.refused(status: 413, detail: ""), false, false),
    ] as [(Failure, Bool, Bool)])
    func whatWasEnteredStaysWhenTheServerDoesNotTakeIt(failure: Failure, unsent: Bool, uncertain: Bool) async {
        let notes = Notes()
        let model = EditModel(notes, NoteForm.self)
        model.enter("mine", into: "text")
        notes.failure = failure
        await model.save()
        #expect(model.draft["text"] == "mine")
        #expect(model.failure == failure)
        #expect([failure.unsent, failure.uncertain] == [unsent, uncertain])
    }

    @Test func aConflictIsTheUsersToDecide() async throws {
        let notes = Notes("a")
        let model = EditModel(notes, NoteForm.self, id: "a")
        await model.load()
        _ = try await notes.replace(notes.stored[0], with: "theirs")
        model.enter("mine", into: "text")
        await model.save()
        #expect(model.conflict)
        #expect(model.draft["text"] == "mine")
        await model.overwrite()
        #expect(model.saved?.text == "mine")
    }
}

/// What can be chosen, in memory: the first parts of it with a text in their own.
private final class Companies: Choices {
    let stored: [Choice]
    var asked: [String] = []
    var failure: Failure?
    /// What happens before an answer is there.
    var meanwhile: (@MainActor () async -> Void)?

    init(_ texts: String...) { stored = texts.map { Choice(id: UUID().uuidString, text: $0) } }

    func find(_ path: String, _ search: String) async throws -> [Choice] {
        asked.append("\(path) \(search)")
        await meanwhile?()
        if let failure { throw failure }
        return Array(stored.filter { search.isEmpty || $0.text.contains(search) }.prefix(20))
    }
}

@MainActor
struct PickerTests {
    private let companies = Companies("Acme", "Bolt", "Bolt & Sons")

    private func picker(pause: Duration = .zero) -> PickerModel {
        PickerModel(companies, path: "companies", pause: pause)
    }

    @Test func theFirstOfAllAreOfferedBeforeAnythingIsTyped() async {
        let model = picker()
        await model.ask()
        #expect(model.offered.map(\.text) == ["Acme", "Bolt", "Bolt & Sons"])
        #expect(companies.asked == ["companies "])
    }

    @Test func theServerIsAskedWhenNobodyTypesOn() async {
        let model = picker(pause: .milliseconds(20))
        var asking: Task<Void, Never>?
        for text in ["B", "Bo", "Bol"] {
            asking?.cancel()
            model.search = text
            asking = Task { await model.ask() }
            await Task.yield()
        }
        await asking?.value
        #expect(model.offered.map(\.text) == ["Bolt", "Bolt & Sons"])
        #expect(companies.asked == ["companies Bol"])
    }

    @Test func anAnswerToWhatWasTypedBeforeIsNotShown() async {
        let model = picker()
        companies.meanwhile = {
            companies.meanwhile = nil
            model.search = "Bolt"
            await model.ask()
        }
        model.search = "Acme"
        await model.ask()
        #expect(model.offered.map(\.text) == ["Bolt", "Bolt & Sons"])
        #expect(!model.loading)
    }

    @Test func nothingIsOfferedOnlyWhenNothingFits() async {
        let model = picker()
        model.search = "none of them"
        await model.ask()
        #expect(model.empty)
        model.search = "Acme"
        await model.ask()
        #expect(!model.empty)
    }

    @Test func whatWasTypedStaysWhenTheServerIsAway() async {
        let model = picker()
        await model.ask()
        companies.failure = .unreachable
        model.search = "Bolt"
        await model.ask()
        #expect(model.failure == .unreachable)
        #expect(model.search == "Bolt")
        #expect(model.offered.isEmpty && !model.empty)
        companies.failure = nil
        await model.ask()
        #expect(model.failure == nil)
        #expect(model.offered.map(\.text) == ["Bolt", "Bolt & Sons"])
    }

    @Test func oneTakesThePlaceOfAnother() {
        let (acme, bolt) = (companies.stored[0], companies.stored[1])
        var draft = Draft(["company_id": acme.id]).naming("company_id", acme.id, acme.text)
        #expect(draft.chosen("company_id") == [acme])
        draft.pick(bolt, for: "company_id", most: 1)
        draft.pick(bolt, for: "company_id", most: 1)
        #expect(draft.chosen("company_id") == [bolt])
        #expect(draft["company_id"] == bolt.id)
        draft["company_id"] = ""
        #expect(draft.chosen("company_id").isEmpty)
    }

    @Test func ofManyEachIsAddedAndTakenAway() {
        let (acme, bolt) = (companies.stored[0], companies.stored[1])
        var draft = Draft(["company_ids": acme.id]).naming("company_ids", [acme.id], [acme.text])
        draft.pick(bolt, for: "company_ids", most: 2)
        #expect(draft.chosen("company_ids") == [acme, bolt])
        #expect(draft["company_ids"] == "\(acme.id)\n\(bolt.id)")
        draft.pick(companies.stored[2], for: "company_ids", most: 2)
        #expect(draft.chosen("company_ids") == [acme, bolt])
        // Its text may have changed since it was read.
        draft.pick(Choice(id: acme.id, text: "Acme Ltd"), for: "company_ids", most: 2)
        #expect(draft.chosen("company_ids") == [bolt])
    }

    @Test func whatHasNoTextIsKnownByItsId() {
        let draft = Draft(["company_id": "1", "company_ids": "1\n2"])
        #expect(draft.chosen("company_id").map(\.text) == ["1"])
        #expect(draft.naming("company_ids", ["1", "2"], ["Acme", nil]).chosen("company_ids").map(\.text) == ["Acme", "2"])
    }
}

/// Answers every request with one body, and keeps the requests.
private actor Recorder: ClientTransport {
    let status: HTTPResponse.Status
    let answer: String
    private(set) var requests: [HTTPRequest] = []

    init(_ status: HTTPResponse.Status, _ answer: String) {
        self.status = status
        self.answer = answer
    }

    func send(
        _ request: HTTPRequest, body: HTTPBody?, baseURL: URL, operationID: String
    ) async throws -> (HTTPResponse, HTTPBody?) {
        requests.append(request)
        return (HTTPResponse(status: status), HTTPBody(answer))
    }
}

struct ServerChoicesTests {
    private func choices(_ transport: Recorder) throws -> ServerChoices {
        let api = try #require(URL(string: "http://localhost"))
        return ServerChoices(api: api, transport: transport, middlewares: [ProblemMiddleware()])
    }

    @Test func whatIsTypedIsWhatTheServerIsAskedFor() async throws {
        let transport = Recorder(.ok, #"[{"id": "1", "text": "Acme"}]"#)
        #expect(try await choices(transport).find("companies", "a&b+c") == [Choice(id: "1", text: "Acme")])
        let path = try #require(await transport.requests.last?.path)
        #expect(path == "/api/choices/companies?search=a%26b%2Bc")
    }

    @Test func aRefusalIsAFailure() async throws {
        let choices = try self.choices(Recorder(.notFound, "{}"))
        await #expect(throws: Failure.missing) { _ = try await choices.find("nothing", "") }
    }
}

struct InputTests {
    @Test(arguments: ["2026-01-15T09:30:00Z", "2026-01-15T09:30:00.123456Z", "2026-01-15T09:30:00.999999Z"])
    func momentsAreExact(text: String) throws {
        #expect(MomentInput().format(try MomentInput().parse(text)) == text)
    }

    @Test func momentsAreKeptInUTC() throws {
        #expect(try MomentInput().parse("2026-01-15T09:30:00+02:00") == MomentInput().parse("2026-01-15T07:30:00Z"))
    }

    @Test(arguments: [
        (EmailInput() as any Input, "nobody"), (UrlInput(), "example.com"), (WholeInput(1...5), "1.5"),
        (NumberInput(), "much"), (DecimalInput(4, 2), "1.234"), (SwitchInput(), "maybe"), (DateInput(), "2026-02-29"),
        (MomentInput(), "yesterday"), (IdentifierInput(), "123"), (ReferenceInput("companies"), "123"), (ReferencesInput("companies"), "1\n2"), (ObjectInput(), "[1]"),
        (TimeInput(), "24:00"), (DurationInput(), "P1M"), (DurationInput(), "P1DT24H"), (DurationInput(), "90"),
    ])
    func whatHasNotTheFormIsRefused(input: any Input, text: String) {
        #expect(throws: FieldError.malformed) { _ = try input.parse(text) }
    }

    @Test func manyIdentifiersHaveALineEach() throws {
        let input = ReferencesInput("companies")
        let (first, second) = (UUID().uuidString, UUID().uuidString)
        #expect(try input.parse("\(first)\n\n\(second)\n\(first)\n") == [first, second])
        #expect(input.format([first, second]) == "\(first)\n\(second)")
        #expect(throws: FieldError.malformed) { try input.parse("\(first) \(second)") }
        let most = (1...100).map { _ in UUID().uuidString }
        #expect(try input.parse(most.joined(separator: "\n")) == most)
        #expect(throws: FieldError.tooMany(100)) { try input.parse((most + [first]).joined(separator: "\n")) }
    }

    @Test(arguments: ["09:30:00", "00:00:00", "23:59:59"])
    func timesOfDayAreExact(text: String) throws {
        #expect(Times.text(try #require(Times.date(try TimeInput().parse(text)))) == text)
    }

    @Test(arguments: [("PT1H30M", "1 h 30 min"), ("P400DT1H0M1S", "400 d 1 h 1 s"), ("PT90M", "90 min"), ("PT0S", "0 s")])
    func lengthsOfTimeAreToldInTheirUnits(text: String, words: String) throws {
        #expect(Durations.words(try DurationInput().parse(text)) == words)
    }

    @Test func boundsAreNamed() {
        #expect(throws: FieldError.outOfRange(1...5)) { try WholeInput(1...5).parse("6") }
        #expect(throws: FieldError.tooLong(2)) { try TextInput(2).parse("abc") }
    }
}

struct ConnectionTests {
    @Test(arguments: [(401, true), (403, true), (429, false), (404, false), (503, false)])
    func onlyARefusalEndsASession(status: Int, ends: Bool) {
        #expect(Session.hasEnded(status: status) == ends)
    }

    @Test(arguments: [
        (429, "5", 5), (503, "Thu, 15 Jan 2026 12:01:00 GMT", 60), (429, "tomorrow", nil), (429, "-1", nil),
        (429, "86400", nil), (429, nil, nil),
    ] as [(Int, String?, Int?)])
    func aServerWithTooMuchToDoSaysForHowLong(status: Int, wait: String?, seconds: Int?) throws {
        let now = try #require(Moments.date("2026-01-15T12:00:00Z"))
        #expect(Failure.ofBusy(status: status, retryAfter: wait, now: now) == .busy(seconds: seconds))
    }

    @Test(arguments: [(503, nil), (500, "5"), (200, "5")] as [(Int, String?)])
    func anyOtherAnswerIsOfAServerWithTime(status: Int, wait: String?) {
        #expect(Failure.ofBusy(status: status, retryAfter: wait) == nil)
    }

    @Test func aServerThatIsSlowIsNotOneThatIsAway() {
        #expect(Failure.of(URLError(.timedOut)) == .tooSlow)
        #expect(Failure.of(URLError(.cannotConnectToHost)) == .unreachable)
        #expect(Failure.of(URLError(.cancelled)) == nil)
    }

    @Test func whatHasNoValueIsSentAsNull() throws {
        let data = try ExplicitNulls(names: ["title", "due"]).completed(Data(#"{"title": "a"}"#.utf8))
        #expect(try JSONSerialization.jsonObject(with: data) as? NSDictionary == ["title": "a", "due": NSNull()])
    }

    @Test func problemsNameTheirFields() {
        let body = Data(#"{"detail": "No.", "errors": [{"field": "body.title", "message": "is taken"}]}"#.utf8)
        #expect(Problem.failure(status: 409, body: body) == .rejected("No.", fields: ["title": "is taken"]))
        #expect(Problem.failure(status: 412, body: body) == .changed)
        #expect(Problem.failure(status: 502, body: Data("<html>".utf8)) == .refused(status: 502, detail: "The server answered 502."))
    }
}
