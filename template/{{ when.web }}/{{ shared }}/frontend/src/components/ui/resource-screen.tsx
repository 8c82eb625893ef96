// Spec: .specify/memory/constitution.md
"use client";

import { ResourceList } from "@/components/ui/resource-list";
import { useQuery } from "@/components/ui/use-query";
import type { Entity } from "@/services/api";
import type { Feature } from "@/services/feature";

interface Props<Read extends Entity, Write, Query> {
  feature: Feature<Read, Write, Query>;
}

/** The page of a list: the address bar says what of it is shown. */
export function ResourceScreen<Read extends Entity, Write extends object, Query>(
  props: Props<Read, Write, Query>,
) {
  return <ResourceList {...props} query={useQuery()} />;
}
