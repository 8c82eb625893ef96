// Spec: .specify/memory/constitution.md
import type { Entity, Resource } from "@/services/api";
import type { Field } from "@/services/fields";

/** What pages and lists know of a feature. */
export interface Feature<Read extends Entity, Write, Query> {
  /** Where its list is; the pages of its records are below that. */
  path: string;
  resource: Resource<Read, Write, Query>;
  fields: Field[];
  sorts: string[];
  filters: string[];
  /** What one is called, and many: task, Tasks. */
  one: string;
  many: string;
}

/** Any feature, for what has to do with all of them. */
export type AnyFeature = Feature<Entity, object, unknown>;

/** How the records of one feature refer to those of another one. */
export interface Relation {
  /** The list that is filtered by what is referred to, and what that is called. */
  path: string;
  many: string;
  filter: string;
  /** What the field is called. */
  label: string;
  /** Whether they are parts of it. */
  part: boolean;
  load: () => Promise<AnyFeature>;
}
