// Spec: .specify/memory/constitution.md
"use client";

import { useId, type ComponentProps } from "react";
import { MultiPicker } from "@/components/ui/multi-picker";
import { Picker } from "@/components/ui/picker";
import {
  chosenOf,
  isOptional,
  labelOf,
  valuesOfChosen,
  type Control,
  type Field,
  type Values,
} from "@/services/fields";

interface Props {
  field: Field;
  values: Values;
  message?: string;
  onChange: (changed: Values) => void;
}

const INPUTS: Partial<Record<Control, ComponentProps<"input">>> = {
  date: { type: "date", max: "9999-12-31" },
  datetime: { type: "datetime-local", step: 1, min: "1000-01-01T00:00", max: "8999-12-31T23:59" },
  decimal: { inputMode: "decimal" },
  duration: { placeholder: "PT1H30M", spellCheck: false },
  email: { type: "email", autoComplete: "off" },
  integer: { inputMode: "numeric" },
  number: { inputMode: "decimal" },
  time: { type: "time", step: 1 },
  url: { type: "url", placeholder: "https://" },
  uuid: { spellCheck: false },
};

function options(field: Field): { value: string; label: string }[] {
  if (field.control === "checkbox") {
    return [
      { value: "true", label: "Yes" },
      { value: "false", label: "No" },
    ];
  }
  return (field.rule.enum ?? []).map((value) => ({ value, label: labelOf(field, value) }));
}

/** One field of a form: label, control, and what is wrong with what it holds. */
export function ControlRow({ field, values, message, onChange }: Props) {
  const id = useId();
  const { control, label, name, refers } = field;
  const value = values[name] ?? "";
  const enter = (text: string) => onChange({ [name]: text });
  const optional = isOptional(field);
  const shared = {
    id,
    name,
    "aria-invalid": message ? true : undefined,
    "aria-describedby": message ? `${id}-message` : undefined,
    "aria-required": optional ? undefined : true,
  };
  const error = message && (
    <p className="field-message" id={`${id}-message`}>
      {message}
    </p>
  );

  if (control === "checkbox" && !optional) {
    return (
      <div className="field field-check">
        <input
          {...shared}
          aria-required={undefined}
          type="checkbox"
          checked={value === "true"}
          onChange={(event) => enter(String(event.target.checked))}
        />
        <label htmlFor={id}>{label}</label>
        {error}
      </div>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id} id={`${id}-label`}>
        {label} {optional && <span className="hint">optional</span>}
      </label>
      {control === "references" && refers ? (
        <MultiPicker
          {...shared}
          path={refers.to}
          label={label}
          chosen={chosenOf(field, values)}
          onChoose={(chosen) => onChange(valuesOfChosen(field, chosen))}
        />
      ) : refers ? (
        <Picker
          {...shared}
          path={refers.to}
          chosen={value ? { id: value, text: values[refers.text] || value } : null}
          onChoose={(chosen) =>
            onChange({ [name]: chosen?.id ?? "", [refers.text]: chosen?.text ?? "" })
          }
        />
      ) : control === "select" || control === "checkbox" ? (
        <select {...shared} value={value} onChange={(event) => enter(event.target.value)}>
          {(optional || !value) && <option value="">{optional ? "Not set" : "Choose…"}</option>}
          {options(field).map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : control === "textarea" || control === "json" ? (
        <textarea
          {...shared}
          className={control === "json" ? "code" : undefined}
          spellCheck={control === "json" ? false : undefined}
          rows={4}
          value={value}
          onChange={(event) => enter(event.target.value)}
        />
      ) : (
        <input
          type="text"
          {...INPUTS[control]}
          {...shared}
          value={value}
          onChange={(event) => enter(event.target.value)}
        />
      )}
      {error}
    </div>
  );
}
