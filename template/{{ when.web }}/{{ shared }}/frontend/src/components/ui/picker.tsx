// Spec: .specify/memory/constitution.md
"use client";

import { useCombobox, type UseComboboxState, type UseComboboxStateChangeOptions } from "downshift";
import { useEffect, useState, type ComponentProps } from "react";
import { asApiError } from "@/services/api";
import { choices, type Choice } from "@/services/choices";

interface Props extends Omit<ComponentProps<"input">, "id" | "value" | "onChange"> {
  id: string;
  /** Where the API has what can be chosen. */
  path: string;
  /** What is chosen now; of many, the control itself holds none. */
  chosen: Choice | null;
  /** Ids of what is among the many already, and therefore not offered. */
  taken?: string[];
  onChoose: (chosen: Choice | null) => void;
}

interface Offer {
  items: Choice[];
  /** Why there are none. */
  message: string;
}

/** Milliseconds without a new letter, after which the server is asked. */
const PAUSE = 200;
const NOTHING: Offer = { items: [], message: "" };

/** What the server offers for what is typed, asked for while it is wanted. */
function useChoices(path: string, search: string, wanted: boolean): Offer {
  const [offer, setOffer] = useState(NOTHING);

  useEffect(() => {
    if (!wanted) return;
    const controller = new AbortController();
    const ask = () =>
      choices(path, { search }, controller.signal).then(
        (items) => setOffer({ items, message: items.length > 0 ? "" : "Nothing fits." }),
        (reason: unknown) => {
          if (controller.signal.aborted) return;
          setOffer({ items: [], message: asApiError(reason).message });
        },
      );
    const timer = setTimeout(() => void ask(), search ? PAUSE : 0);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [path, search, wanted]);

  return wanted ? offer : NOTHING;
}

function textOf(choice: Choice | null | undefined): string {
  return choice?.text ?? "";
}

/** Half a text chooses nothing: who leaves with it keeps what was chosen, who leaves with none takes it back. */
function settle(
  _state: UseComboboxState<Choice>,
  { type, changes }: UseComboboxStateChangeOptions<Choice>,
): Partial<UseComboboxState<Choice>> {
  const { InputBlur, InputKeyDownEscape } = useCombobox.stateChangeTypes;
  if (type !== InputBlur && type !== InputKeyDownEscape) return changes;
  const emptied = type === InputBlur && !changes.inputValue;
  const selectedItem = emptied ? null : changes.selectedItem;
  return { ...changes, selectedItem, inputValue: textOf(selectedItem) };
}

/** Of many, each goes to the others as soon as it is chosen: the control is empty for the next one. */
function handOver(
  _state: UseComboboxState<Choice>,
  { changes }: UseComboboxStateChangeOptions<Choice>,
): Partial<UseComboboxState<Choice>> {
  return changes.isOpen ? changes : { ...changes, inputValue: "" };
}

/** Chooses what is referred to, by a part of its text. Its label has the id of the control with `-label` behind it. */
export function Picker({ id, path, chosen, taken, onChoose, ...input }: Props) {
  const [search, setSearch] = useState("");
  const [wanted, setWanted] = useState(false);
  const offer = useChoices(path, search, wanted);
  const items = offer.items.filter((choice) => !taken?.includes(choice.id));
  const message =
    items.length < offer.items.length && items.length === 0
      ? "Chosen already. Type to find others."
      : offer.message;
  const { isOpen, highlightedIndex, getInputProps, getMenuProps, getItemProps } =
    useCombobox<Choice>({
      items,
      inputId: id,
      labelId: `${id}-label`,
      selectedItem: chosen,
      itemToString: textOf,
      itemToKey: (choice) => choice && `${choice.id} ${choice.text}`,
      stateReducer: taken ? handOver : settle,
      onSelectedItemChange: ({ selectedItem }) => onChoose(selectedItem),
      onInputValueChange: ({ type, inputValue }) => {
        if (type === useCombobox.stateChangeTypes.InputChange) setSearch(inputValue);
      },
      onIsOpenChange: (change) => {
        setWanted(change.isOpen);
        // Next time, all of them are offered again.
        if (!change.isOpen) setSearch("");
      },
    });

  return (
    <div className="picker">
      <input
        type="text"
        {...getInputProps({
          ...input,
          onKeyDown: (event) => {
            if (event.key !== "Escape") return;
            // It closes what is open, and only that: the list before the dialog, and no choice is lost.
            if (isOpen) event.preventDefault();
            else Object.assign(event.nativeEvent, { preventDownshiftDefault: true });
          },
        })}
      />
      <ul {...getMenuProps({ "aria-label": "Choices" })} hidden={!isOpen || items.length === 0}>
        {items.map((item, index) => (
          <li
            key={item.id}
            className={index === highlightedIndex ? "active" : undefined}
            {...getItemProps({ item, index })}
          >
            {item.text}
          </li>
        ))}
      </ul>
      {isOpen && message && (
        <p className="hint" role="status">
          {message}
        </p>
      )}
    </div>
  );
}
