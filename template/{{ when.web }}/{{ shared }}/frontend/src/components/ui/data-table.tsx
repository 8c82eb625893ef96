// Spec: .specify/memory/constitution.md
"use client";

import Link from "next/link";
import type { Entity } from "@/services/api";
import { show, type Field } from "@/services/fields";

interface Props<Read> {
  caption: string;
  columns: Field[];
  items: Read[];
  /** What the list is sorted by, with a minus for the other way round. */
  sort: string;
  sorts: string[];
  onSort: (sort: string) => void;
  onEdit: (item: Read) => void;
  onDelete: (item: Read) => void;
}

/** A name that tells a row from the others: the value of the first column. */
export function nameOf(columns: Field[], item: object): string {
  const [first] = columns;
  return first ? show(first, valueOf(first, item)) : "";
}

/** The value to show of a field: what it refers to is known by its text. */
function valueOf({ name, refers }: Field, item: object): unknown {
  return new Map(Object.entries(item)).get(refers?.text ?? name);
}

function Cell({ field, item }: { field: Field; item: object }) {
  const value = valueOf(field, item);
  const text = show(field, value);
  if (value === null || value === undefined) return <span className="muted">{text}</span>;
  if (field.refers) {
    const id = valueOf({ ...field, refers: undefined }, item);
    return <Link href={`/${field.refers.to}?id=${String(id)}`}>{text}</Link>;
  }
  switch (field.control) {
    case "select":
      return <span className="badge">{text}</span>;
    case "checkbox":
      return <span className={value ? "badge on" : "badge"}>{text}</span>;
    case "email":
      return <a href={`mailto:${text}`}>{text}</a>;
    case "url":
      return (
        <a href={text} target="_blank" rel="noreferrer">
          {text}
        </a>
      );
    default:
      return text;
  }
}

/** A list as a table; where there is little room, every row is a card. */
export function DataTable<Read extends Entity>(props: Props<Read>) {
  const { caption, columns, items, sort, sorts, onSort, onEdit, onDelete } = props;
  const direction = sort.startsWith("-") ? "descending" : "ascending";
  const sorted = sort.replace(/^-/, "");

  return (
    <table className="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, label }) => (
            <th key={name} scope="col" aria-sort={name === sorted ? direction : undefined}>
              {sorts.includes(name) ? (
                <button
                  type="button"
                  className="sort"
                  onClick={() => onSort(sort === name ? `-${name}` : name)}
                >
                  {label}
                  <span aria-hidden="true">
                    {name === sorted ? (direction === "ascending" ? " ↑" : " ↓") : ""}
                  </span>
                </button>
              ) : (
                label
              )}
            </th>
          ))}
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            {columns.map((field, index) => {
              const cell = <Cell field={field} item={item} />;
              return index === 0 ? (
                <th key={field.name} scope="row" data-label={field.label}>
                  {cell}
                </th>
              ) : (
                <td key={field.name} data-label={field.label} className={field.control}>
                  {cell}
                </td>
              );
            })}
            <td className="row-actions">
              <button type="button" className="button small" onClick={() => onEdit(item)}>
                Edit<span className="visually-hidden"> {nameOf(columns, item)}</span>
              </button>
              <button type="button" className="button small danger" onClick={() => onDelete(item)}>
                Delete<span className="visually-hidden"> {nameOf(columns, item)}</span>
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
