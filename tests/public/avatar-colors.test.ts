import { expect, it } from "vitest";
import { AVATAR_COLORS, avatarColorOf } from "../../utils/contract/avatar-color.ts";
import { newId } from "../../utils/ids.ts";
import { readText } from "../house/sources.ts";

type Rgb = readonly [number, number, number];

/** Converts an OKLCH color to linear sRGB, clipped as the least accurate browsers do (CSS Color 4, 9.2). */
function linearOf(l: number, c: number, hue: number): Rgb {
  const a = c * Math.cos((hue * Math.PI) / 180);
  const b = c * Math.sin((hue * Math.PI) / 180);
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z),
    clip(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z),
    clip(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z),
  ];
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The selector that starts the block of each theme. */
const themes = { light: ":root {", dark: "@variant dark {", contrast: '&[data-theme="contrast"] {' } as const;

/** Returns a theme's own value of a custom property. */
function token(theme: keyof typeof themes, name: string): number {
  const block = readText("public/src/styles/theme.css").split(themes[theme])[1] ?? "";
  const value = new RegExp(`--${name}: ([\\d.]+);`).exec(block)?.[1];
  if (value === undefined) throw new Error(`${theme} has no --${name}`);
  return Number(value);
}

it.each(["light", "dark", "contrast"] as const)(
  "avatar colors: initial and background have a contrast of at least 4.5:1 for every hue, %s",
  (theme) => {
    const of = (name: string): number => token(theme, name);
    for (let hue = 0; hue < 360; hue += 360 / (AVATAR_COLORS / 2)) {
      const soft = contrast(linearOf(of("face-l"), of("face-c"), hue), linearOf(of("face-ink-l"), 0.1, hue));
      const strong = contrast(linearOf(of("face-strong-l"), of("face-strong-c"), hue), linearOf(of("face-strong-ink-l"), 0.02, hue));
      expect({ hue, isLegible: soft >= 4.5 && strong >= 4.5 }).toEqual({ hue, isLegible: true });
    }
  },
);

it("avatar colors: consecutive sign-ups are spread over all colors, and each user keeps their color", () => {
  const ids = Array.from({ length: 2_400 }, newId);
  const counts = new Array<number>(AVATAR_COLORS).fill(0);
  for (const id of ids) counts[avatarColorOf(id)] = (counts[avatarColorOf(id)] ?? 0) + 1;
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(Math.max(...counts)).toBeLessThan(170);
  const neighbours = ids.slice(1).filter((id, at) => avatarColorOf(id) === avatarColorOf(ids[at] ?? "")).length;
  expect(neighbours / ids.length).toBeLessThan(0.08);
});
