import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import { exceedsGraphemes } from "../../../utils/text/graphemes.ts";
import { hasPiledMarks, PILED_MARKS_MESSAGE } from "../../../utils/text/marks.ts";

/** Matches visible text: not only spaces, control characters and characters without a glyph. */
const VISIBLE = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Validates the text of a message and returns it.
 * @throws AppError `text_empty` if nothing is visible, `text_too_long { max }`, `invalid_input` for too many combining marks in a row
 */
export function checkedText(text = ""): string {
  if (!VISIBLE.test(text)) throw new AppError("text_empty");
  if (text.length > limits.textUnits || exceedsGraphemes(text, limits.textGraphemes))
    throw new AppError("text_too_long", { max: limits.textGraphemes });
  if (hasPiledMarks(text)) throw new AppError("invalid_input", { errors: [{ path: "text", message: PILED_MARKS_MESSAGE }] });
  return text;
}
