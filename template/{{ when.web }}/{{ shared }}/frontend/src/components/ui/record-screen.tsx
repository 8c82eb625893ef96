// Spec: .specify/memory/constitution.md
"use client";

import Link from "next/link";
import { notFound, useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { DeleteDialog } from "@/components/ui/delete-dialog";
import { EditDialog } from "@/components/ui/edit-dialog";
import { Notice } from "@/components/ui/notice";
import { ProblemMessage } from "@/components/ui/problem";
import { Referring } from "@/components/ui/referring";
import { Slow } from "@/components/ui/slow";
import { useRecord } from "@/components/ui/use-record";
import { Value } from "@/components/ui/value";
import type { Entity } from "@/services/api";
import type { Feature } from "@/services/feature";
import { nameOf, words } from "@/services/fields";
import project from "../../../project.json";

interface Props<Read extends Entity, Write, Query> {
  feature: Feature<Read, Write, Query>;
  id: string;
}

/** Statuses of what is not there, what is somebody else's, and what is no id at all. */
const NOWHERE = [404, 422];

/** The page of a record: all that it has, what belongs to it, and what refers to it. */
export function RecordScreen<Read extends Entity, Write extends object, Query>(
  props: Props<Read, Write, Query>,
) {
  const { feature, id } = props;
  const { path, resource, fields, one, many } = feature;
  const router = useRouter();
  const { record, error, loading, reload, update } = useRecord(resource, id);
  const [editing, setEditing] = useState<Read>();
  const [deleting, setDeleting] = useState<Read>();
  const [failed, setFailed] = useState("");
  const [done, setDone] = useState("");
  const name = record && nameOf(fields, record);

  useEffect(() => {
    if (name) document.title = `${name} · ${project.name}`;
  }, [name]);

  if (error && NOWHERE.includes(error.status)) notFound();

  function begin(): void {
    setFailed("");
    setDone("");
  }

  function saved(entity: Read): void {
    setEditing(undefined);
    setDone(`“${nameOf(fields, entity)}” is saved.`);
    update(entity);
  }

  function stale(): void {
    setDeleting(undefined);
    setFailed("It was changed since this page was read: look at it again, then delete it.");
    reload();
  }

  return (
    <>
      <Link className="back" href={path}>
        <span aria-hidden="true">←</span> {many}
      </Link>
      <div className="page-header">
        <h1>{name ?? words(one)}</h1>
        {record && (
          <div className="actions">
            <button
              type="button"
              className="button"
              onClick={() => {
                begin();
                setEditing(record);
              }}
            >
              Edit
            </button>
            <button
              type="button"
              className="button danger"
              onClick={() => {
                begin();
                setDeleting(record);
              }}
            >
              Delete
            </button>
          </div>
        )}
      </div>
      <Notice>{done}</Notice>
      {failed && <ProblemMessage title="Not done">{failed}</ProblemMessage>}
      {error && (
        <ProblemMessage
          title={`The ${one} could not be read`}
          action={{ label: "Try again", run: reload }}
        >
          {error.message} {record && "What you see was read before."}
        </ProblemMessage>
      )}
      {record ? (
        <dl className="card record" aria-busy={loading}>
          {fields.map((field) => (
            <div key={field.name}>
              <dt>{field.label}</dt>
              <dd className={field.control}>
                <Value field={field} item={record} />
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        loading && (
          <div className="card skeleton" role="status" aria-label={`Reading the ${one}`}>
            <div />
            <div />
            <div />
          </div>
        )
      )}
      {loading && <Slow />}
      {record && <Referring path={path} id={record.id} name={nameOf(fields, record)} />}
      {editing && (
        <EditDialog
          feature={feature}
          opened={editing}
          onSaved={saved}
          onLook={() => setEditing(undefined)}
          onClose={() => setEditing(undefined)}
        />
      )}
      {deleting && (
        <DeleteDialog
          resource={resource}
          entity={deleting}
          name={nameOf(fields, deleting)}
          one={one}
          onDeleted={() => router.replace(path)}
          onStale={stale}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </>
  );
}
