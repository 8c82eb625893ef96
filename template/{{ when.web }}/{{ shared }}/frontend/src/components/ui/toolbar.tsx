// Spec: .specify/memory/constitution.md
"use client";

import { useEffect, useId, useRef, useState, type ComponentProps } from "react";
import { Picker } from "@/components/ui/picker";
import { choices, type Choice } from "@/services/choices";
import { labelOf, words, type Field } from "@/services/fields";

interface Props {
  fields: Field[];
  sorts: string[];
  filters: string[];
  sort: string;
  values: Record<string, string>;
  /** What is wrong with some of the values, by their names. */
  refused: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}

type Type =
  "date" | "datetime-local" | "duration" | "number" | "reference" | "select" | "text" | "time";

interface Filter {
  name: string;
  label: string;
  type: Type;
  options: { value: string; label: string }[];
  /** Where the API has what can be chosen. */
  path: string;
}

const TYPES: Partial<Record<Field["control"], Type>> = {
  checkbox: "select",
  date: "date",
  datetime: "datetime-local",
  decimal: "number",
  duration: "duration",
  email: "text",
  integer: "number",
  number: "number",
  reference: "reference",
  references: "reference",
  select: "select",
  text: "text",
  time: "time",
  url: "text",
  uuid: "text",
};
const YES_NO = ["true", "false"];

/** The filters of the contract, as the fields that they filter by. */
function usable(fields: Field[], names: string[]): Filter[] {
  return fields.flatMap((field) => {
    const { name, label, control, rule, refers, filter = name } = field;
    const type = TYPES[control];
    if (!type) return [];
    const values = rule.enum ?? (control === "checkbox" ? YES_NO : []);
    const options = values.map((value) => ({
      value,
      label: control === "checkbox" ? (value === "true" ? "Yes" : "No") : labelOf(field, value),
    }));
    const exact = type === "text" ? `${label} is` : label;
    const parameters =
      type === "text" || type === "select" || type === "reference"
        ? // The parameters of the list itself are called like some fields.
          { [filter]: exact, [`${filter}_is`]: exact }
        : { [`${name}_from`]: `${label} from`, [`${name}_to`]: `${label} to` };
    return Object.entries(parameters)
      .filter(([parameter]) => names.includes(parameter))
      .map(([parameter, said]) => ({
        name: parameter,
        label: said,
        type,
        options,
        path: refers?.to ?? "",
      }));
  });
}

/** What the parameters of the list are called. */
export function labelsOf(fields: Field[], filters: string[]): Map<string, string> {
  const labels = usable(fields, filters).map(({ name, label }) => [name, label] as const);
  return new Map([["sort", "Sort by"], ...labels]);
}

/** The names of what can be sorted by, each with both directions. */
function sortOptions(fields: Field[], sorts: string[]): { value: string; label: string }[] {
  const labels = new Map(fields.map(({ name, label }) => [name, label]));
  return sorts.map((value) => {
    const name = value.replace(/^-/, "");
    const label = labels.get(name) ?? words(name);
    return { value, label: `${label} ${value === name ? "↑" : "↓"}` };
  });
}

function local(moment: string): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

interface ReferenceProps extends Omit<ComponentProps<typeof Picker>, "chosen" | "onChoose"> {
  value: string;
  onChange: (value: string) => void;
}

/** A filter by what is referred to. The address bar knows its id alone; its text is the server's. */
function ReferenceFilter({ value, onChange, ...picker }: ReferenceProps) {
  const { path } = picker;
  const [known, setKnown] = useState<Choice>();
  const isKnown = known?.id === value;

  useEffect(() => {
    if (!value || isKnown) return;
    const controller = new AbortController();
    choices(path, { id: value }, controller.signal).then(
      ([found]) => setKnown(found),
      // The list says what is wrong.
      () => {},
    );
    return () => controller.abort();
  }, [path, value, isKnown]);

  return (
    <Picker
      {...picker}
      chosen={value ? { id: value, text: isKnown ? known.text : value } : null}
      onChoose={(chosen) => {
        setKnown(chosen ?? undefined);
        onChange(chosen?.id ?? "");
      }}
    />
  );
}

/** How a list is sorted and filtered. */
export function Toolbar({ fields, sorts, filters, sort, values, refused, onChange }: Props) {
  const id = useId();
  const details = useRef<HTMLDetailsElement>(null);
  const offered = usable(fields, filters);
  const used = offered.filter(({ name }) => values[name]);

  const wrong = offered.some(({ name }) => refused[name]);

  useEffect(() => {
    if (wrong && details.current) details.current.open = true;
  }, [wrong]);

  return (
    <div className="toolbar">
      <div className="field inline">
        <label htmlFor={`${id}-sort`}>Sort by</label>
        <select
          id={`${id}-sort`}
          value={sort}
          onChange={(event) => onChange({ sort: event.target.value })}
        >
          {sortOptions(fields, sorts).map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {offered.length > 0 && (
        <details ref={details} className="filters">
          <summary className="button">
            Filter{used.length > 0 && <span className="count">{used.length}</span>}
          </summary>
          <div className="filter-fields">
            {offered.map(({ name, label, type, options, path }) => (
              <div className="field" key={name}>
                <label htmlFor={`${id}-${name}`} id={`${id}-${name}-label`}>
                  {label}
                </label>
                {type === "reference" ? (
                  <ReferenceFilter
                    id={`${id}-${name}`}
                    aria-invalid={refused[name] ? true : undefined}
                    path={path}
                    value={values[name] ?? ""}
                    onChange={(value) => onChange({ [name]: value })}
                  />
                ) : type === "select" ? (
                  <select
                    id={`${id}-${name}`}
                    aria-invalid={refused[name] ? true : undefined}
                    value={values[name] ?? ""}
                    onChange={(event) => onChange({ [name]: event.target.value })}
                  >
                    <option value="">Any</option>
                    {options.map((option) => (
                      <option key={option.value} value={option.value}>
                        {option.label}
                      </option>
                    ))}
                  </select>
                ) : (
                  <input
                    id={`${id}-${name}`}
                    aria-invalid={refused[name] ? true : undefined}
                    type={type === "duration" ? "text" : type}
                    placeholder={type === "duration" ? "PT1H30M" : undefined}
                    step={type === "number" ? "any" : type === "time" ? 1 : undefined}
                    // The address bar owns the value: a new key shows what it says.
                    key={values[name] ?? ""}
                    defaultValue={
                      type === "datetime-local" ? local(values[name] ?? "") : (values[name] ?? "")
                    }
                    onBlur={({ target: { value } }) => {
                      const moment = type === "datetime-local" && value;
                      const next = moment ? new Date(moment).toISOString() : value.trim();
                      if (next !== (values[name] ?? "")) onChange({ [name]: next });
                    }}
                    onKeyDown={({ key, currentTarget }) => {
                      if (key === "Enter") currentTarget.blur();
                    }}
                  />
                )}
              </div>
            ))}
            <button
              type="button"
              className="button"
              disabled={used.length === 0}
              onClick={() => onChange(Object.fromEntries(offered.map(({ name }) => [name, ""])))}
            >
              Clear filters
            </button>
          </div>
        </details>
      )}
    </div>
  );
}
