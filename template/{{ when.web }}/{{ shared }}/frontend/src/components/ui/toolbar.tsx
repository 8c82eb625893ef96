// Spec: .specify/memory/constitution.md
"use client";

import { useId } from "react";
import { words, type Field } from "@/services/fields";

interface Props {
  fields: Field[];
  sorts: string[];
  filters: string[];
  sort: string;
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}

interface Filter {
  name: string;
  label: string;
  type: "date" | "datetime-local" | "number" | "select";
  options: { value: string; label: string }[];
}

const TYPES: Partial<Record<Field["control"], Filter["type"]>> = {
  checkbox: "select",
  date: "date",
  datetime: "datetime-local",
  decimal: "number",
  integer: "number",
  number: "number",
  select: "select",
};
const YES_NO = ["true", "false"];

/** The filters of the contract that a person can use without knowing a value by heart. */
function usable(fields: Field[], names: string[]): Filter[] {
  return fields.flatMap(({ name, label, control, rule }) => {
    const type = TYPES[control];
    if (!type) return [];
    const values = rule.enum ?? (control === "checkbox" ? YES_NO : []);
    const options = values.map((value) => ({
      value,
      label: control === "checkbox" ? (value === "true" ? "Yes" : "No") : words(value),
    }));
    return [
      { name, label, type, options },
      // The parameters of the list itself are called like some fields.
      { name: `${name}_is`, label, type, options },
      { name: `${name}_from`, label: `${label} from`, type, options },
      { name: `${name}_to`, label: `${label} to`, type, options },
    ].filter(
      (filter) => names.includes(filter.name) && (filter.label === label) === (type === "select"),
    );
  });
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

/** How a list is sorted and filtered. */
export function Toolbar({ fields, sorts, filters, sort, values, onChange }: Props) {
  const id = useId();
  const offered = usable(fields, filters);
  const used = offered.filter(({ name }) => values[name]);

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
        <details className="filters">
          <summary className="button">
            Filter{used.length > 0 && <span className="count">{used.length}</span>}
          </summary>
          <div className="filter-fields">
            {offered.map(({ name, label, type, options }) => (
              <div className="field" key={name}>
                <label htmlFor={`${id}-${name}`}>{label}</label>
                {type === "select" ? (
                  <select
                    id={`${id}-${name}`}
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
                    type={type}
                    step={type === "number" ? "any" : undefined}
                    // The address bar owns the value: a new key shows what it says.
                    key={values[name] ?? ""}
                    defaultValue={
                      type === "datetime-local" ? local(values[name] ?? "") : (values[name] ?? "")
                    }
                    onBlur={({ target: { value } }) => {
                      const moment = type === "datetime-local" && value;
                      const next = moment ? new Date(moment).toISOString() : value;
                      if (next !== (values[name] ?? "")) onChange({ [name]: next });
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
