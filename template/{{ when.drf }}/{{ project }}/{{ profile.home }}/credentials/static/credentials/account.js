// The page that links in mails lead to. A token stands behind the "#", which no server and no log gets to see.
const [purpose, token] = location.hash.slice(1).split("=");
const form = document.getElementById(token ? purpose : "forgot") ?? document.getElementById("forgot");
const alertLine = document.querySelector("[role=alert]");
const statusLine = document.querySelector("[role=status]");
const button = form.querySelector("button");

async function problemOf(response) {
  const problem = await response.json().catch(() => ({}));
  return problem.errors?.map((error) => error.message).join(" ") || problem.detail || "Something went wrong: try again later.";
}

async function submit(event) {
  event.preventDefault();
  button.disabled = true;
  alertLine.textContent = "";
  const entered = Object.fromEntries(new FormData(form));
  try {
    const response = await fetch(form.dataset.action, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(token ? { ...entered, token } : entered),
    });
    if (response.ok) {
      statusLine.textContent = form.querySelector(".done").textContent;
      form.hidden = true;
      return;
    }
    alertLine.textContent = await problemOf(response);
  } catch {
    alertLine.textContent = "The server cannot be reached. Try again in a moment.";
  }
  button.disabled = false;
}

// Another link, opened in the tab that shows this page.
addEventListener("hashchange", () => location.reload());
// The token is kept out of the browser's history.
history.replaceState(null, "", location.pathname);
form.addEventListener("submit", submit);
form.hidden = false;
