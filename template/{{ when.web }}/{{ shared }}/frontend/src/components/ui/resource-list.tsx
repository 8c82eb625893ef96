// Spec: .specify/memory/constitution.md
"use client";

import { useId, useRef, useState } from "react";
import { Count } from "@/components/ui/count";
import { DataTable } from "@/components/ui/data-table";
import { DeleteDialog } from "@/components/ui/delete-dialog";
import { EditDialog } from "@/components/ui/edit-dialog";
import { Notice } from "@/components/ui/notice";
import { Pager } from "@/components/ui/pager";
import { ProblemMessage } from "@/components/ui/problem";
import { Slow } from "@/components/ui/slow";
import { labelsOf, Toolbar } from "@/components/ui/toolbar";
import { readPage, useList } from "@/components/ui/use-list";
import type { ListQuery } from "@/components/ui/use-query";
import type { Entity } from "@/services/api";
import type { Feature } from "@/services/feature";
import { columnsOf, nameOf, type Values } from "@/services/fields";

interface Props<Read extends Entity, Write, Query> {
  feature: Feature<Read, Write, Query>;
  query: ListQuery;
  /** The whole, if parts of one are listed: its id, by the name of the field that has it. */
  whole?: Values;
}

const PAGE_SIZE = "20";
const DEFAULT_SORT = "-created_at";

const NO_WHOLE: Values = {};

/** A list with its form: find, create, change and remove the things of one feature, or those that are parts of a whole. */
export function ResourceList<Read extends Entity, Write extends object, Query>(
  props: Props<Read, Write, Query>,
) {
  const { feature, query, whole = NO_WHOLE } = props;
  const { path, resource, sorts, filters, one, many } = feature;
  const isPart = props.whole !== undefined;
  const own = feature.fields.filter(({ name }) => !(name in whole));
  const fields = own.length > 0 ? own : feature.fields;
  const { parameters, change } = query;
  const chosen = [...parameters].filter(([name]) => filters.includes(name));
  const listed = [...chosen, ...Object.entries(whole)];
  const { cursor = "", sort = DEFAULT_SORT } = Object.fromEntries(parameters);
  const asked = new URLSearchParams([...listed, ["sort", sort], ["limit", PAGE_SIZE]]);
  if (cursor) asked.set("cursor", cursor);
  const list = useList(resource, asked.toString());
  const { page, refused } = list;
  const items = page?.items ?? [];
  const moved = Boolean(cursor && !refused.cursor);
  const order = refused.sort ? DEFAULT_SORT : sort;
  const [editing, setEditing] = useState<{ entity?: Read }>();
  const [deleting, setDeleting] = useState<Read>();
  const [failed, setFailed] = useState("");
  const [done, setDone] = useState("");
  const header = useRef<HTMLDivElement>(null);
  const heading = useId();
  const columns = columnsOf(fields);
  const Heading = isPart ? "h2" : "h1";

  function begin(): void {
    setFailed("");
    setDone("");
  }

  /** Go to another part of the list, or to another list. */
  function go(values: Record<string, string>): void {
    begin();
    change(values);
  }

  function edit(entity?: Read): void {
    begin();
    setEditing({ entity });
  }

  function saved(entity: Read): void {
    // What is new is among the first.
    if (!editing?.entity && cursor) change({});
    setEditing(undefined);
    setDone(`“${nameOf(fields, entity)}” is saved.`);
    list.update((rows) => rows.map((row) => (row.id === entity.id ? entity : row)));
  }

  /** Show the newest of all. */
  function look(): void {
    setEditing(undefined);
    change({ sort: "", ...Object.fromEntries(chosen.map(([name]) => [name, ""])) });
    list.reload();
  }

  function deleted({ id }: Read): void {
    // A page goes with its last row.
    if (moved && items.length === 1) change({ cursor: page?.previous ?? "" }, { replace: true });
    setDeleting(undefined);
    setDone(deleting ? `“${nameOf(fields, deleting)}” is deleted.` : "");
    list.update((rows) => rows.filter((row) => row.id !== id));
  }

  function stale(): void {
    setDeleting(undefined);
    setFailed("It was changed since the list was read: look at it again, then delete it.");
    list.reload();
  }

  async function count(): Promise<number> {
    const counting = new URLSearchParams([...listed, ["limit", "1"], ["total", "true"]]);
    const counted = await readPage(resource, counting.toString());
    return counted.page?.total ?? 0;
  }

  const content = (
    <>
      <div ref={header} className="page-header">
        <Heading id={heading}>{many}</Heading>
        <button
          type="button"
          className={isPart ? "button" : "button primary"}
          onClick={() => edit()}
        >
          New {one}
        </button>
      </div>
      <Notice>{done}</Notice>
      <LeftOut
        refused={refused}
        values={Object.fromEntries(parameters)}
        labels={labelsOf(fields, filters)}
        onClear={go}
      />
      {!isPart && (
        <Toolbar
          fields={fields}
          sorts={sorts}
          filters={filters}
          sort={order}
          values={Object.fromEntries(parameters)}
          refused={refused}
          onChange={go}
        />
      )}
      {failed && <ProblemMessage title="Not done">{failed}</ProblemMessage>}
      {list.error && (
        <ProblemMessage
          title={`${many} could not be read`}
          action={{ label: "Try again", run: list.reload }}
        >
          {list.error.message} {page && "What you see was read before."}
        </ProblemMessage>
      )}
      {items.length > 0 ? (
        <div className="card" aria-busy={list.loading}>
          <DataTable
            caption={many}
            path={path}
            fields={fields}
            columns={columns}
            items={items}
            sort={order}
            sorts={sorts}
            onSort={(value) => go({ sort: value })}
            onEdit={edit}
            onDelete={(entity) => {
              begin();
              setDeleting(entity);
            }}
          />
        </div>
      ) : list.loading ? (
        <div className="card skeleton" role="status" aria-label={`Reading ${many.toLowerCase()}`}>
          <div />
          <div />
          <div />
        </div>
      ) : (
        page && <Empty one={one} moved={moved} narrowed={chosen.some(([name]) => !refused[name])} />
      )}
      {list.loading && <Slow />}
      {page && (items.length > 0 || moved) && (
        <Pager
          label={`Pages of ${many.toLowerCase()}`}
          previous={page.previous}
          next={page.next}
          moved={moved}
          busy={list.loading}
          onMove={(to) => {
            go({ cursor: to });
            header.current?.scrollIntoView();
          }}
        >
          <Count
            // Another list, or one that was changed, has another number.
            key={`${list.round} ${chosen.join("&")}`}
            known={moved || page.previous || page.next ? undefined : items.length}
            ask={count}
          />
        </Pager>
      )}
      {editing && (
        <EditDialog
          feature={feature}
          opened={editing.entity}
          fixed={whole}
          onSaved={saved}
          onLook={look}
          onClose={() => setEditing(undefined)}
        />
      )}
      {deleting && (
        <DeleteDialog
          resource={resource}
          entity={deleting}
          name={nameOf(fields, deleting)}
          one={one}
          onDeleted={() => deleted(deleting)}
          onStale={stale}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </>
  );
  return isPart ? (
    <section className="part" aria-labelledby={heading}>
      {content}
    </section>
  ) : (
    content
  );
}

interface EmptyProps {
  one: string;
  moved: boolean;
  narrowed: boolean;
}

/** What stands where there is nothing to list, and why. */
function Empty({ one, moved, narrowed }: EmptyProps) {
  const [title, text] = moved
    ? ["Nothing is left on this page", "There is more on the first page."]
    : narrowed
      ? ["Nothing fits the filters", "Clear some of them to see more."]
      : ["Nothing here yet", `Make your first ${one} to begin.`];
  return (
    <div className="card empty">
      <p className="empty-title">{title}</p>
      <p className="muted">{text}</p>
    </div>
  );
}

interface LeftOutProps {
  refused: Record<string, string>;
  values: Record<string, string>;
  labels: Map<string, string>;
  onClear: (values: Record<string, string>) => void;
}

/** What the address asks for and the server refuses: the list is read without it. */
function LeftOut({ refused, values, labels, onClear }: LeftOutProps) {
  const { cursor, ...others } = refused;
  const names = Object.keys(others);
  return (
    <>
      {cursor && (
        <p className="notice plain" role="status">
          The page that was asked for is not known any more: this is the first one.
        </p>
      )}
      {names.length > 0 && (
        <ProblemMessage
          title="The list is shown without what does not fit"
          action={{
            label: "Clear it",
            run: () => onClear(Object.fromEntries(names.map((name) => [name, ""]))),
          }}
        >
          {names
            .map((name) => `${labels.get(name) ?? name} “${values[name]}”: ${refused[name]}.`)
            .join(" ")}
        </ProblemMessage>
      )}
    </>
  );
}
