// Spec: .specify/memory/constitution.md
"use client";

import { useEffect, useRef, useState, type FormEvent } from "react";
import { Dialog } from "@/components/ui/dialog";
import { SIGNED_OUT } from "@/components/ui/drafts";
import { ProblemMessage } from "@/components/ui/problem";
import { Slow } from "@/components/ui/slow";
import { CHANGED } from "@/components/ui/use-answer";
import { asApiError, stopped } from "@/services/api";
import { agree, ask, type Deletion, type Message } from "@/services/assistant";

const MAX_MESSAGES = 50;
const MAX_LENGTH = 4000;

/** Tell the lists that something of theirs has changed. */
function announce(resource: string): void {
  window.dispatchEvent(new CustomEvent(CHANGED, { detail: resource }));
}

/** The conversation with the assistant. It is kept in this page's memory and nowhere else. */
export function Assistant() {
  const [open, setOpen] = useState(false);
  const [messages, setMessages] = useState<Message[]>([]);
  const [answer, setAnswer] = useState<string>();
  const [deletions, setDeletions] = useState<Deletion[]>([]);
  const [problem, setProblem] = useState("");
  const [unanswered, setUnanswered] = useState<Message[]>();
  const running = useRef<AbortController>(null);
  const end = useRef<HTMLDivElement>(null);
  const busy = answer !== undefined;

  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [messages, answer, deletions, problem]);

  async function send(conversation: Message[]): Promise<void> {
    const controller = new AbortController();
    running.current = controller;
    let text = "";
    setAnswer(text);
    setProblem("");
    setUnanswered(undefined);
    try {
      for await (const { event, data } of ask(
        conversation.slice(-MAX_MESSAGES),
        controller.signal,
      )) {
        if (event === "text") setAnswer((text += data.delta));
        if (event === "tool" && data.writes) announce(data.resource);
        if (event === "confirm") {
          setDeletions((asked) => [...asked.filter(({ id }) => id !== data.id), data]);
        }
        if (event === "error") setProblem(data.detail);
      }
    } catch (reason) {
      const error = asApiError(reason);
      setProblem(error.message);
      // What was said is not answered in part: the whole of it can be asked again.
      if (!text) setUnanswered(conversation);
      if (error.signedOut) window.dispatchEvent(new Event(SIGNED_OUT));
    }
    if (text) setMessages((said) => [...said, { role: "assistant", content: text }]);
    setAnswer(undefined);
  }

  async function remove(deletion: Deletion): Promise<void> {
    setDeletions((asked) => asked.filter(({ id }) => id !== deletion.id));
    setProblem("");
    try {
      await agree(deletion);
      const content = `“${deletion.name}” is deleted.`;
      setMessages((said) => [...said, { role: "assistant", content }]);
    } catch (error) {
      setProblem(asApiError(error).message);
    }
    announce(deletion.resource);
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    const content = String(new FormData(form).get("message") ?? "").trim();
    if (!content || busy) return;
    form.reset();
    const conversation: Message[] = [...messages, { role: "user", content }];
    setMessages(conversation);
    void send(conversation);
  }

  return (
    <>
      <button type="button" className="button primary assistant-open" onClick={() => setOpen(true)}>
        Assistant
      </button>
      {open && (
        <Dialog title="Assistant" kind="sheet" onClose={() => setOpen(false)}>
          <div className="conversation" tabIndex={0} role="log" aria-label="Conversation">
            {messages.length === 0 && (
              <p className="muted">Ask for what you want done, such as “What is on my list?”</p>
            )}
            {messages.map(({ role, content }, index) => (
              <p key={index} className={`bubble ${role}`}>
                <span className="visually-hidden">{role === "user" ? "You: " : "Assistant: "}</span>
                {content}
              </p>
            ))}
            {busy && <p className="bubble assistant">{answer || "…"}</p>}
            {deletions.map((deletion) => (
              <div key={deletion.id} className="problem" role="group" aria-label="Delete?">
                <p className="problem-title">Delete this {deletion.label}?</p>
                <p>
                  <strong>{deletion.name}</strong> will be gone for good.
                </p>
                <button
                  type="button"
                  className="button"
                  onClick={() => setDeletions(deletions.filter((asked) => asked !== deletion))}
                >
                  Keep
                </button>{" "}
                <button
                  type="button"
                  className="button danger solid"
                  disabled={busy}
                  onClick={() => void remove(deletion)}
                >
                  Delete
                </button>
              </div>
            ))}
            {busy && !answer && <Slow />}
            {problem && (
              <ProblemMessage
                title="Not done"
                action={unanswered && { label: "Ask again", run: () => void send(unanswered) }}
              >
                {problem}
              </ProblemMessage>
            )}
            <div ref={end} />
          </div>
          <form method="post" className="dialog-footer" onSubmit={submit}>
            <label className="visually-hidden" htmlFor="assistant-message">
              Message
            </label>
            <input
              id="assistant-message"
              name="message"
              autoComplete="off"
              maxLength={MAX_LENGTH}
              required
              autoFocus
            />
            {busy ? (
              <button
                type="button"
                className="button"
                onClick={() => running.current?.abort(stopped())}
              >
                Stop
              </button>
            ) : (
              <button type="submit" className="button primary">
                Send
              </button>
            )}
          </form>
        </Dialog>
      )}
    </>
  );
}
