// Drives the plain Kotlin modules of a generated project against its real server: tests/test_mobile.py compiles and runs it.
import app.shop.core.model.Changed
import app.shop.core.model.Choice
import app.shop.core.model.ListModel
import app.shop.core.model.Missing
import app.shop.core.model.PickerModel
import app.shop.core.model.Rejected
import app.shop.core.model.SignedOut
import app.shop.core.network.Api
import app.shop.core.network.ApiChoices
import app.shop.core.network.HttpTransport
import app.shop.core.network.Session
import app.shop.core.network.Vault
import app.shop.feature.steps.StepForm
import app.shop.feature.steps.StepRepository
import app.shop.feature.tasks.TaskForm
import app.shop.feature.tasks.TaskPriority
import app.shop.feature.tasks.TaskRepository
import app.shop.feature.tasks.TaskWrite
import java.time.LocalDate
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking

private class Empty : Vault {
    override var secret: String? = null
}

private fun api(address: String, token: String) =
    Api(HttpTransport(), address, Session(HttpTransport(), address, Empty(), token))

fun main(arguments: Array<String>) = runBlocking<Unit> {
    val (address, token) = arguments
    val api = api(address, token)
    val tasks = TaskRepository(api)
    val created = tasks.create(TaskWrite("Milk \u00e4\uD83D\uDE00", null, TaskPriority.HIGH, LocalDate.parse("2026-01-15"), false))
    check(tasks.read(created.id) == created)
    val changed = tasks.replace(created, TaskForm.read(TaskForm.draft(created).with(TaskForm.DONE, "true")))
    check(changed.done && changed.version == created.version + 1)
    println("created, read and changed")
    try {
        tasks.replace(created, TaskForm.read(TaskForm.draft(created)))
    } catch (_: Changed) {
        println("changed by somebody else")
    }
    try {
        tasks.create(TaskWrite("x".repeat(201), null, TaskPriority.LOW, null, false))
    } catch (refusal: Rejected) {
        println("refused: ${refusal.fields.keys.joinToString()}")
    }
    repeat(25) { tasks.create(TaskWrite("Task $it", "notes", TaskPriority.LOW, null, false)) }
    val list = ListModel(this, tasks)
    list.refresh()
    list.state.first { !it.loading }.let { println("${it.items.size}, more: ${it.next != null}") }
    list.more()
    list.state.first { !it.loading }.let { println("${it.items.size}, more: ${it.next != null}") }
    val picker = PickerModel(this, ApiChoices(api), "tasks")
    picker.open()
    picker.state.first { !it.loading }.let { println("offered: ${it.offered.size}, cut: ${it.cut}") }
    picker.search("milk")
    val choice = picker.state.first { !it.loading }.offered.single()
    check(choice == Choice(changed.id, changed.title))
    val steps = StepRepository(api)
    val step = steps.create(StepForm.read(StepForm.blank().with(StepForm.TITLE, "Go").picking(StepForm.TASK_ID, choice)))
    check(StepForm.draft(steps.read(step.id)).chosen(StepForm.TASK_ID) == listOf(choice))
    println("found, chosen and shown by its text")
    tasks.delete(changed)
    try {
        tasks.read(changed.id)
    } catch (_: Missing) {
        println("deleted")
    }
    try {
        TaskRepository(api(address, "not a token")).list(null, 1)
    } catch (_: SignedOut) {
        println("signed out")
    }
}
