// Spec: .specify/memory/constitution.md
"use client";

import { useEffect, useState } from "react";
import { Count } from "@/components/ui/count";
import { DataTable, nameOf } from "@/components/ui/data-table";
import { DeleteDialog } from "@/components/ui/delete-dialog";
import { signIn } from "@/components/ui/drafts";
import { EditDialog } from "@/components/ui/edit-dialog";
import { Notice } from "@/components/ui/notice";
import { Pager } from "@/components/ui/pager";
import { ProblemMessage } from "@/components/ui/problem";
import { Slow } from "@/components/ui/slow";
import { labelsOf, Toolbar } from "@/components/ui/toolbar";
import { readPage, useList } from "@/components/ui/use-list";
import { useQuery } from "@/components/ui/use-query";
import { asApiError, type Entity, type Resource } from "@/services/api";
import { columnsOf, type Field } from "@/services/fields";

interface Props<Read extends Entity, Write, Query> {
  resource: Resource<Read, Write, Query>;
  fields: Field[];
  sorts: string[];
  filters: string[];
  /** What one is called, and many: task, Tasks. */
  one: string;
  many: string;
}

const PAGE_SIZE = "20";
const DEFAULT_SORT = "-created_at";

/** A list with its form: find, create, change and remove the things of one feature. */
export function ResourceScreen<Read extends Entity, Write extends object, Query>(
  props: Props<Read, Write, Query>,
) {
  const { resource, fields, sorts, filters, one, many } = props;
  const { parameters, change } = useQuery();
  const chosen = [...parameters].filter(([name]) => filters.includes(name));
  const { cursor = "", sort = DEFAULT_SORT, id = "" } = Object.fromEntries(parameters);
  const query = new URLSearchParams([...chosen, ["sort", sort], ["limit", PAGE_SIZE]]);
  if (cursor) query.set("cursor", cursor);
  const list = useList(resource, query.toString());
  const { page, refused } = list;
  const items = page?.items ?? [];
  const moved = Boolean(cursor && !refused.cursor);
  const order = refused.sort ? DEFAULT_SORT : sort;
  const [editing, setEditing] = useState<{ entity?: Read }>();
  const [deleting, setDeleting] = useState<Read>();
  const [failed, setFailed] = useState("");
  const [done, setDone] = useState("");
  const columns = columnsOf(fields);

  // A link from what refers to one opens it.
  useEffect(() => {
    if (!id) return;
    const controller = new AbortController();
    resource.read(id, controller.signal).then(
      (entity) => setEditing({ entity }),
      (reason: unknown) => {
        if (controller.signal.aborted) return;
        const error = asApiError(reason);
        setFailed(error.message);
        if (error.signedOut) signIn();
      },
    );
    return () => controller.abort();
  }, [resource, id]);

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

  function close(): void {
    setEditing(undefined);
    if (id) change({ id: "", cursor }, { replace: true });
  }

  function saved(entity: Read): void {
    // What is new is among the first.
    if (!editing?.entity && cursor) change({});
    close();
    setDone(`“${nameOf(columns, entity)}” is saved.`);
    list.update((rows) => rows.map((row) => (row.id === entity.id ? entity : row)));
  }

  /** Show the newest of all. */
  function look(): void {
    setEditing(undefined);
    change({ id: "", sort: "", ...Object.fromEntries(chosen.map(([name]) => [name, ""])) });
    list.reload();
  }

  function deleted({ id }: Read): void {
    // A page goes with its last row.
    if (moved && items.length === 1) change({ cursor: page?.previous ?? "" }, { replace: true });
    setDeleting(undefined);
    setDone(deleting ? `“${nameOf(columns, deleting)}” is deleted.` : "");
    list.update((rows) => rows.filter((row) => row.id !== id));
  }

  function stale(): void {
    setDeleting(undefined);
    setFailed("It was changed since the list was read: look at it again, then delete it.");
    list.reload();
  }

  async function count(): Promise<number> {
    const asked = new URLSearchParams([...chosen, ["limit", "1"], ["total", "true"]]);
    const counted = await readPage(resource, asked.toString());
    return counted.page?.total ?? 0;
  }

  return (
    <>
      <div className="page-header">
        <h1>{many}</h1>
        <button type="button" className="button primary" onClick={() => edit()}>
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
      <Toolbar
        fields={fields}
        sorts={sorts}
        filters={filters}
        sort={order}
        values={Object.fromEntries(parameters)}
        refused={refused}
        onChange={go}
      />
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
          previous={page.previous}
          next={page.next}
          moved={moved}
          busy={list.loading}
          onMove={(to) => {
            go({ cursor: to });
            window.scrollTo({ top: 0 });
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
          resource={resource}
          fields={fields}
          one={one}
          opened={editing.entity}
          onSaved={saved}
          onLook={look}
          onClose={close}
        />
      )}
      {deleting && (
        <DeleteDialog
          resource={resource}
          entity={deleting}
          name={nameOf(columns, deleting)}
          one={one}
          onDeleted={() => deleted(deleting)}
          onStale={stale}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </>
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
