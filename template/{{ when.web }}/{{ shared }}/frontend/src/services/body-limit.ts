// Spec: .specify/memory/constitution.md

/** Read a request's body, by what arrives and not by what was announced; null if it has more than so many bytes. */
export async function limited(request: Request, bytes: number): Promise<Request | null> {
  if (!request.body) return request;
  const reader = request.body.getReader();
  const parts: BlobPart[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > bytes) {
      await reader.cancel();
      return null;
    }
    parts.push(part.value);
  }
  return new Request(request, { body: new Blob(parts) });
}
