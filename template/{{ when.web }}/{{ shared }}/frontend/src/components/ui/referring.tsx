// Spec: .specify/memory/constitution.md
"use client";

import Link from "next/link";
import { lazy, Suspense, useId } from "react";
import { ResourceList } from "@/components/ui/resource-list";
import { useOwnQuery } from "@/components/ui/use-query";
import { relations } from "@/generated/relations";
import type { AnyFeature, Relation } from "@/services/feature";

interface Props {
  /** Where the page of the record is, and the text by which people know it. */
  path: string;
  id: string;
  name: string;
}

interface PartsProps {
  feature: AnyFeature;
  filter: string;
  id: string;
}

/** The list of what is a part of the record. */
function Parts({ feature, filter, id }: PartsProps) {
  return <ResourceList feature={feature} query={useOwnQuery()} whole={{ [filter]: id }} />;
}

/** The parts of one kind: their code is loaded when they are shown for the first time. */
function section({ many, filter, load }: Relation) {
  return lazy(async () => {
    const feature = { ...(await load()), many };
    return {
      default: function Section({ id }: { id: string }) {
        return <Parts feature={feature} filter={filter} id={id} />;
      },
    };
  });
}

const PARTS = Object.values(relations)
  .flat()
  .filter(({ part }) => part);
const SECTIONS = new Map(PARTS.map((relation) => [relation, section(relation)]));

/** What refers to a record: its parts, and the way to the lists of everything else. */
export function Referring({ path, id, name }: Props) {
  const heading = useId();
  const all = relations[path] ?? [];
  const others = all.filter(({ part }) => !part);

  return (
    <>
      {all.map((relation) => {
        const Section = SECTIONS.get(relation);
        return (
          Section && (
            <Suspense key={relation.path + relation.filter}>
              <Section id={id} />
            </Suspense>
          )
        );
      })}
      {others.length > 0 && (
        <section className="part" aria-labelledby={heading}>
          <h2 id={heading}>Referred to by</h2>
          <ul className="tiles">
            {others.map(({ path: list, many, filter, label }) => (
              <li key={list + filter}>
                <Link className="card tile" href={`${list}?${filter}=${id}`}>
                  <span>
                    {many} <span className="hint">{`${label}: ${name}`}</span>
                  </span>{" "}
                  <span aria-hidden="true">→</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
