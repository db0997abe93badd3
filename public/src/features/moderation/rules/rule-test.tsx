import { useState } from "preact/hooks";
import type { Answer } from "../../../api.ts";
import { number } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { testRule } from "../api.ts";
import { fieldsOf, type RuleDraft } from "./rule-draft.ts";

type Result = Answer<"testRule">;

function Outcome({ result }: { result: Result }) {
  const { matched, tested, examples } = result;
  if (matched === 0)
    return (
      <p>
        {tc("modRuleNoMatch")} <span class="mod-dim">{tc("modRuleTested", { matched: number(0), tested: number(tested) })}</span>
      </p>
    );
  return (
    <>
      <p>
        <strong>{tc("modRuleTested", { matched: number(matched), tested: number(tested) })}</strong>
      </p>
      <p class="form-label">{tc("modRuleExamples")}</p>
      <ul class="mod-examples" aria-label={tc("modRuleExamples")}>
        {examples.map(({ messageId, excerpt }) => (
          <li key={messageId} dir="auto" class="mod-quote">
            {excerpt}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Tests a rule on the messages of the last day, without changing anything. `check` returns whether the draft is complete. */
export function RuleTest({ draft, check }: { draft: RuleDraft; check: () => boolean }) {
  const [result, setResult] = useState<Result | null>(null);
  const [testedFor, setTestedFor] = useState("");
  const key = JSON.stringify(fieldsOf(draft));
  const test = useAction(async () => {
    setResult(null);
    setResult(await testRule({ rule: fieldsOf(draft) }));
    setTestedFor(key);
  });
  return (
    <div class="mod-test">
      <button type="button" class="button button-quiet" aria-disabled={test.isBusy} onClick={() => check() && void test.act()}>
        {tc("modRuleTest")}
      </button>
      <p class="form-hint">{tc("modRuleTestHint")}</p>
      <Trouble refusal={test.refusal} />
      <div role="status">{result && testedFor === key && <Outcome result={result} />}</div>
    </div>
  );
}
