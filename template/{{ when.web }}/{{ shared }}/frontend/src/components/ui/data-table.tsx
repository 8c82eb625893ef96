// Spec: .specify/memory/constitution.md
"use client";

import Link from "next/link";
import { Value } from "@/components/ui/value";
import type { Entity } from "@/services/api";
import { headOf, nameOf, type Field } from "@/services/fields";

interface Props<Read> {
  caption: string;
  /** Where the pages of the records are. */
  path: string;
  /** All fields, and those that have a column. */
  fields: Field[];
  columns: Field[];
  items: Read[];
  /** What the list is sorted by, with a minus for the other way round. */
  sort: string;
  sorts: string[];
  onSort: (sort: string) => void;
  onEdit: (item: Read) => void;
  onDelete: (item: Read) => void;
}

/** A list as a table; where there is little room, every row is a card. */
export function DataTable<Read extends Entity>(props: Props<Read>) {
  const { caption, path, fields, columns, items, sort, sorts, onSort, onEdit, onDelete } = props;
  const direction = sort.startsWith("-") ? "descending" : "ascending";
  const sorted = sort.replace(/^-/, "");
  const head = headOf(fields);

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
            {columns.map((field) =>
              field === head ? (
                <th key={field.name} scope="row" data-label={field.label}>
                  <Link href={`${path}/${item.id}`}>{nameOf(fields, item)}</Link>
                </th>
              ) : (
                <td key={field.name} data-label={field.label} className={field.control}>
                  <Value field={field} item={item} />
                </td>
              ),
            )}
            <td className="row-actions">
              <button type="button" className="button small" onClick={() => onEdit(item)}>
                Edit<span className="visually-hidden"> {nameOf(fields, item)}</span>
              </button>
              <button type="button" className="button small danger" onClick={() => onDelete(item)}>
                Delete<span className="visually-hidden"> {nameOf(fields, item)}</span>
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
