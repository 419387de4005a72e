/** Reads stored bytes piece after piece. */
export async function readPieces(
  readPiece: (offset: number) => Promise<{ base64: string; totalBytes: number }>,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  let offset = 0;
  do {
    const piece = await readPiece(offset);
    bytes ??= new Uint8Array(piece.totalBytes);
    const part = bytesOfBase64(piece.base64);
    if (part.length === 0) break;
    bytes.set(part, offset);
    offset += part.length;
  } while (offset < bytes.length);
  return bytes;
}

export function bytesOfBase64(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

export function base64OfBytes(bytes: Uint8Array): string {
  let binary = '';
  // In slices: an argument list of 256 KiB would overflow the stack.
  for (let index = 0; index < bytes.length; index += 8192) binary += String.fromCharCode(...bytes.subarray(index, index + 8192));
  return btoa(binary);
}
