// Spec: .specify/memory/constitution.md
"use client";

import { useState } from "react";
import { DataTable, nameOf } from "@/components/ui/data-table";
import { Dialog } from "@/components/ui/dialog";
import { EntityForm } from "@/components/ui/entity-form";
import { Pager } from "@/components/ui/pager";
import { ProblemMessage } from "@/components/ui/problem";
import { Toolbar } from "@/components/ui/toolbar";
import { useList } from "@/components/ui/use-list";
import { useQuery } from "@/components/ui/use-query";
import { UNSAVED, type ApiError, type Entity, type Resource } from "@/services/api";
import {
  columnsOf,
  initialValues,
  toBody,
  valuesOf,
  type Field,
  type Values,
} from "@/services/fields";

interface Props<Read extends Entity, Write, Query> {
  resource: Resource<Read, Write, Query>;
  fields: Field[];
  sorts: string[];
  filters: string[];
  /** What one is called, and many: task, Tasks. */
  one: string;
  many: string;
}

/** A form that is open: of something that exists, or of something new. */
interface Editing<Read> {
  entity?: Read;
  values: Values;
  error?: ApiError;
}

const PAGE_SIZE = 20;
const DEFAULT_SORT = "-created_at";
const STALE = 412;

/** A list with its form: find, create, change and remove the things of one feature. */
export function ResourceScreen<Read extends Entity, Write extends object, Query>(
  props: Props<Read, Write, Query>,
) {
  const { resource, fields, sorts, filters, one, many } = props;
  const { parameters, change } = useQuery();
  const query = new URLSearchParams(parameters);
  const offset = Number(query.get("offset") ?? 0);
  query.set("limit", String(PAGE_SIZE));
  const list = useList(resource, query.toString());
  const [editing, setEditing] = useState<Editing<Read>>();
  const [deleting, setDeleting] = useState<Read>();
  const [failed, setFailed] = useState("");
  const [done, setDone] = useState("");
  const columns = columnsOf(fields);
  const sort = parameters.get("sort") ?? DEFAULT_SORT;
  const narrowed = filters.some((name) => parameters.has(name));

  async function save(values: Values): Promise<void> {
    const entity = editing?.entity;
    const body = toBody<Write>(fields, values, entity);
    setEditing(undefined);
    setFailed("");
    const id = crypto.randomUUID();
    const shown = { id, ...entity, ...body, [UNSAVED]: true } as unknown as Read;
    const error = await list.apply(
      (items) =>
        entity ? items.map((item) => (item.id === entity.id ? shown : item)) : [shown, ...items],
      () => (entity ? resource.replace(entity, body) : resource.create(body)),
    );
    if (error) setEditing({ entity, values, error });
    else setDone(`${nameOf(columns, body)} is saved.`);
  }

  async function remove(entity: Read): Promise<void> {
    setDeleting(undefined);
    setFailed("");
    const error = await list.apply(
      (items) => items.filter(({ id }) => id !== entity.id),
      () => resource.remove(entity),
    );
    if (error?.status === STALE) {
      setFailed("It was changed since the list was read: look at it again, then delete it.");
      list.reload();
    } else if (error) setFailed(error.message);
    else setDone(`${nameOf(columns, entity)} is deleted.`);
  }

  async function loadNewest({ id }: Read): Promise<void> {
    try {
      const entity = await resource.read(id);
      setEditing({ entity, values: valuesOf(fields, entity) });
    } catch {
      setEditing(undefined);
      setFailed(`This ${one} is not there any more.`);
    }
    list.reload();
  }

  function problemOf({ entity, error }: Editing<Read>) {
    if (!error) return undefined;
    if (entity && error.status === STALE) {
      return (
        <ProblemMessage
          title="Changed elsewhere in the meantime"
          action={{ label: "Load the newest version", run: () => void loadNewest(entity) }}
        >
          Another window or device saved a newer version of this {one}, and yours was not saved.
          What you typed is still below; loading the newest version replaces it.
        </ProblemMessage>
      );
    }
    return <ProblemMessage title="Not saved">{error.message}</ProblemMessage>;
  }

  return (
    <>
      <div className="page-header">
        <h1>{many}</h1>
        <button
          type="button"
          className="button primary"
          onClick={() => setEditing({ values: initialValues(fields) })}
        >
          New {one}
        </button>
      </div>
      <p className="visually-hidden" role="status">
        {done}
      </p>
      <Toolbar
        fields={fields}
        sorts={sorts}
        filters={filters}
        sort={sort}
        values={Object.fromEntries(parameters)}
        onChange={change}
      />
      {failed && <ProblemMessage title="Not done">{failed}</ProblemMessage>}
      {list.error ? (
        <ProblemMessage
          title={`${many} could not be read`}
          action={{ label: "Try again", run: list.reload }}
        >
          {list.error.message}
        </ProblemMessage>
      ) : list.loading ? (
        <div className="card skeleton" role="status" aria-label={`Reading ${many.toLowerCase()}`}>
          <div />
          <div />
          <div />
        </div>
      ) : list.items.length === 0 ? (
        <div className="card empty">
          <p className="empty-title">
            {narrowed ? "Nothing fits the filters" : "Nothing here yet"}
          </p>
          <p className="muted">
            {narrowed ? "Clear some of them to see more." : `Make your first ${one} to begin.`}
          </p>
        </div>
      ) : (
        <div className="card">
          <DataTable
            caption={many}
            columns={columns}
            items={list.items}
            sort={sort}
            sorts={sorts}
            onSort={(value) => change({ sort: value })}
            onEdit={(entity) => setEditing({ entity, values: valuesOf(fields, entity) })}
            onDelete={setDeleting}
          />
        </div>
      )}
      {!list.error && !list.loading && list.total > 0 && (
        <Pager
          offset={offset}
          limit={PAGE_SIZE}
          total={list.total}
          onMove={(next) => change({ offset: next ? String(next) : "" })}
        />
      )}
      {editing && (
        <Dialog
          // A newer version is another form.
          key={`${editing.entity?.id} ${editing.entity?.updated_at}`}
          title={editing.entity ? `Edit ${one}` : `New ${one}`}
          kind="sheet"
          onClose={() => setEditing(undefined)}
        >
          <EntityForm
            fields={fields}
            values={editing.values}
            messages={editing.error?.fields ?? {}}
            problem={problemOf(editing)}
            submitLabel={editing.entity ? "Save" : "Create"}
            onSubmit={(values) => void save(values)}
            onCancel={() => setEditing(undefined)}
          />
        </Dialog>
      )}
      {deleting && (
        <Dialog title={`Delete ${one}`} kind="message" onClose={() => setDeleting(undefined)}>
          <p className="dialog-text">
            <strong>{nameOf(columns, deleting)}</strong> will be gone for good.
          </p>
          <footer className="dialog-footer">
            <button type="button" className="button" onClick={() => setDeleting(undefined)}>
              Keep
            </button>
            <button
              type="button"
              className="button danger solid"
              onClick={() => void remove(deleting)}
            >
              Delete
            </button>
          </footer>
        </Dialog>
      )}
    </>
  );
}
