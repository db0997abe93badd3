import express, { type RequestHandler } from "express";
import { limits } from "../utils/contract/limits.ts";
import { AppError } from "../utils/errors.ts";

const parseJson = express.json({ limit: limits.bodyBytes, type: "application/json", inflate: false });

/** Parses a JSON body of at most 64 KiB. Rejects every other content type, so that a form cannot pass for JSON. */
export const jsonBody: RequestHandler = (req, res, next) => {
  const hasBody = req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
  if (hasBody && !req.is("application/json")) return next(new AppError("unsupported_media_type"));
  parseJson(req, res, next);
};
