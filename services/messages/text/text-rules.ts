import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import { exceedsGraphemes } from "../../../utils/text/graphemes.ts";
import { hasPiledMarks, PILED_MARKS_MESSAGE } from "../../../utils/text/marks.ts";

/** Anything a reader would see: not only spaces, controls and characters that are drawn as nothing. */
const VISIBLE = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Returns a message's text if it can be one.
 * @throws AppError `text_empty` when there is nothing to see, `text_too_long { max }`, `invalid_input` for combining marks in a long row
 */
export function checkedText(text = ""): string {
  if (!VISIBLE.test(text)) throw new AppError("text_empty");
  if (text.length > limits.textUnits || exceedsGraphemes(text, limits.textGraphemes))
    throw new AppError("text_too_long", { max: limits.textGraphemes });
  if (hasPiledMarks(text)) throw new AppError("invalid_input", { errors: [{ path: "text", message: PILED_MARKS_MESSAGE }] });
  return text;
}
