// Spec: .specify/memory/constitution.md
"use client";

import Link from "next/link";
import { Fragment } from "react";
import { show, toText, valueOf, type Field } from "@/services/fields";

interface Props {
  field: Field;
  item: object;
}

/** What something has in a field, as people read it; what it refers to is a link to the page of that. */
export function Value({ field, item }: Props) {
  const value = valueOf(field, item);
  const text = show(field, value);
  if (value === null || value === undefined) return <span className="muted">{text}</span>;
  if (field.refers) {
    const { to } = field.refers;
    const ids = [valueOf({ ...field, refers: undefined }, item)].flat();
    const texts = [value].flat();
    if (ids.length === 0) return <span className="muted">{text}</span>;
    return (
      <span>
        {ids.map((id, index) => (
          <Fragment key={String(id)}>
            {index > 0 && ", "}
            <Link href={`/${to}/${String(id)}`}>{String(texts[index] ?? "–")}</Link>
          </Fragment>
        ))}
      </span>
    );
  }
  switch (field.control) {
    case "select":
      return <span className="badge">{text}</span>;
    case "checkbox":
      return <span className={value ? "badge on" : "badge"}>{text}</span>;
    case "json":
      return toText(field, value);
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
