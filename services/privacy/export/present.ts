import type { DataExport } from "../../../prisma/generated/client.ts";
import type { DataExportDto } from "../../../utils/contract/schemas/privacy.ts";
import type { Services } from "../../context.ts";
import { linkTo } from "./link.ts";

/** Returns the DTO of an export for its owner. It counts as expired from its expiry time on, even before the job has removed it. */
export function presentExport(services: Pick<Services, "keys" | "now">, row: DataExport): DataExportDto {
  const { id, createdAt, expiresAt, sizeBytes } = row;
  const isOver = expiresAt !== null && expiresAt <= services.now();
  const state = row.state === "ready" && isOver ? "expired" : row.state;
  return {
    id,
    state,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    sizeBytes: sizeBytes === null ? null : Number(sizeBytes),
    downloadUrl: state === "ready" && expiresAt !== null ? linkTo(services, id, expiresAt) : null,
  };
}
