import { Check, Copy, WrapText } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CodeLanguage } from "../code/languages.ts";
import type { Token } from "../code/tokens.ts";
import { t } from "../locales/index.ts";
import { tt } from "../locales/talk/index.ts";
import { Icon } from "../shared/ui/icon.tsx";
import { useCopy } from "../shared/ui/use-copy.ts";

/** A line that is longer, in UTF-16 units, may not fit beside others: then there is a choice to wrap it. */
const LONG_LINE = 48;

type Tokens = readonly Token[] | null;

/** The tokens of a block, once it was on the screen and they are known; null before, and for a block that stays plain. */
function useTokens(text: string, language: CodeLanguage | null) {
  const block = useRef<HTMLDivElement>(null);
  const [tokens, setTokens] = useState<Tokens>(null);
  useEffect(() => {
    setTokens(null);
    const element = block.current;
    if (element === null || language === null) return;
    let isWanted = true;
    const show = (found: Tokens) => {
      if (isWanted) setTokens(found);
    };
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      // Without colours it is still code: what does not load is left out.
      void import("../code/colour.ts").then((file) => file.colour(language, text)).then(show, () => undefined);
    });
    seen.observe(element);
    return () => {
      isWanted = false;
      seen.disconnect();
    };
  }, [text, language]);
  return { block, tokens };
}

const Coloured = ({ tokens }: { tokens: readonly Token[] }) => (
  <>
    {tokens.map(({ text, look }, at) =>
      look === null ? (
        text
      ) : (
        <span key={at} class={`code-${look}`}>
          {text}
        </span>
      ),
    )}
  </>
);

function WrapButton({ isWrapped, onToggle }: { isWrapped: boolean; onToggle: () => void }) {
  const label = tt("wrapLines");
  return (
    <button type="button" class="icon-button code-tool" aria-label={label} title={label} aria-pressed={isWrapped} onClick={onToggle}>
      <Icon icon={WrapText} size={15} />
    </button>
  );
}

/** Code as it was written, in the colours of its language, scrolled in itself or wrapped, and to be copied as a whole. */
export function CodeBlock({ text, language }: { text: string; language: CodeLanguage | null }) {
  const { isCopied, copy } = useCopy();
  const [isWrapped, setWrapped] = useState(false);
  const { block, tokens } = useTokens(text, language);
  const label = t(isCopied ? "copied" : "copy");
  const isLong = text.split("\n").some((line) => line.length > LONG_LINE);
  const looks = ["text-block code-block", isLong && "code-block-long", isWrapped && "code-block-wrapped"];
  return (
    <div class={looks.filter(Boolean).join(" ")} ref={block}>
      <pre tabIndex={0} dir="auto" {...(language ? { "data-language": language } : {})}>
        <code>{tokens ? <Coloured tokens={tokens} /> : text}</code>
      </pre>
      <div class="code-tools">
        {isLong && <WrapButton isWrapped={isWrapped} onToggle={() => setWrapped(!isWrapped)} />}
        <button type="button" class="icon-button code-tool code-copy" aria-label={label} title={label} onClick={() => copy(text)}>
          <Icon icon={isCopied ? Check : Copy} size={15} />
        </button>
      </div>
    </div>
  );
}
