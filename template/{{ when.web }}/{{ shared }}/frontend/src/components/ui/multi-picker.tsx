// Spec: .specify/memory/constitution.md
"use client";

import { useRef, useState, type ComponentProps } from "react";
import { Picker } from "@/components/ui/picker";
import type { Choice } from "@/services/choices";

interface Props extends Omit<ComponentProps<typeof Picker>, "chosen" | "taken" | "onChoose"> {
  label: string;
  chosen: Choice[];
  onChoose: (chosen: Choice[]) => void;
}

/** Chooses any number of what can be referred to: a picker for the next one, below those that are chosen. */
export function MultiPicker({ id, label, chosen, onChoose, ...picker }: Props) {
  const chips = useRef<HTMLUListElement>(null);
  const [said, setSaid] = useState("");

  function remove({ id: removed, text }: Choice, index: number): void {
    // The button goes with its chip: the focus moves to a neighbour of it, or to where another one is chosen.
    const buttons = chips.current?.querySelectorAll("button");
    const next = buttons?.[index + 1] ?? buttons?.[index - 1] ?? document.getElementById(id);
    next?.focus();
    setSaid(`${text} is removed.`);
    onChoose(chosen.filter((choice) => choice.id !== removed));
  }

  return (
    <div>
      {chosen.length > 0 && (
        <ul ref={chips} className="chips" aria-label={`${label}, chosen`}>
          {chosen.map((choice, index) => (
            <li key={choice.id}>
              {choice.text}
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove ${choice.text}`}
                onClick={() => remove(choice, index)}
              >
                <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Picker
        {...picker}
        id={id}
        chosen={null}
        taken={chosen.map((choice) => choice.id)}
        onChoose={(choice) => {
          if (!choice) return;
          setSaid(`${choice.text} is added.`);
          onChoose([...chosen, choice]);
        }}
      />
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </div>
  );
}
