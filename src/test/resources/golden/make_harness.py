"""Golden values of the LM Evaluation Harness (lm_eval 0.4.13, Transformers 5.18.0): harness/*.json beside this script.

    python make_harness.py SHARED

SHARED holds data/models/stories260K, data/tasks/*.jsonl and golden/evaluation/lm-eval-stories260K.json (whose requests are put
to the model again under the older tokenisation profiles). Only numbers and hand-written answers are kept, nothing of the data
sets. What the harness imports and these values do not need may be missing: it is stood in for below. Two things differ from an
installed harness: every text counts as English, and sentences are split without a trained model, so no verdict here depends on
either.
"""

import json
import os
import sys
import types
from pathlib import Path

os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"


def stand_in(name, **members):
    try:
        __import__(name)
    except ImportError:
        module = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[name] = module


class Refused:
    def __init__(self, *ignored, **also):
        raise NotImplementedError


stand_in("evaluate", load=lambda name: None)
stand_in("rouge_score")
stand_in("sqlitedict", SqliteDict=Refused)
stand_in("pytablewriter", MarkdownTableWriter=Refused, LatexTableWriter=Refused)
stand_in("word2number")
stand_in("jsonlines", open=Refused)
stand_in("langdetect", detect=lambda text: "en", LangDetectException=ValueError)

import lm_eval
import nltk
import yaml
from lm_eval.api.instance import Instance
from lm_eval.api.metrics import exact_match_hf_evaluate
from lm_eval.filters import build_filter_ensemble
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager
from nltk.tokenize import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer

SHARED = Path(sys.argv[1]).resolve()
OUT = Path(__file__).resolve().parent / "harness"
MODEL = str(SHARED / "data/models/stories260K")
TASKS = Path(lm_eval.__file__).parent / "tasks"


def write(name, value):
    OUT.mkdir(exist_ok=True)
    (OUT / name).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def lines(name):
    return [json.loads(line) for line in open(SHARED / "data/tasks" / name, encoding="utf-8")]


# --- log-likelihoods -------------------------------------------------------------------------------------------------

SUBJECTS = ["abstract_algebra", "anatomy", "astronomy"]
MMLU_ITEMS = 3


def mmlu(work):
    """The harness's own MMLU template, five shots, on the first items of some subjects."""
    names = []
    for subject in SUBJECTS:
        for split, file in (("test", "mmlu_validation.jsonl"), ("dev", "mmlu_dev.jsonl")):
            rows = [row for row in lines(file) if row["subject"] == subject]
            rows = [{"question": r["question"], "choices": r["choices"], "answer": r["gold"]} for r in rows]
            (work / f"{subject}_{split}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        task = yaml.safe_load((TASKS / f"mmlu/default/mmlu_{subject}.yaml").read_text())
        task.pop("tag", None)
        task.update(
            task="local_" + subject,
            include=str(TASKS / "mmlu/default/_default_template_yaml"),
            dataset_path="json",
            dataset_name=None,
            dataset_kwargs={
                "data_files": {split: str(work / f"{subject}_{split}.jsonl") for split in ("test", "dev")},
                "cache_dir": str(work / "cache"),
            },
        )
        (work / f"{subject}.yaml").write_text(yaml.safe_dump(task))
        names.append("local_" + subject)
    answered = lm_eval.simple_evaluate(
        model="hf",
        model_args={"pretrained": MODEL, "dtype": "float32"},
        tasks=names,
        num_fewshot=5,
        limit=MMLU_ITEMS,
        device="cpu",
        task_manager=TaskManager(include_path=str(work), include_defaults=False),
        log_samples=True,
        bootstrap_iters=0,
    )["samples"]
    return {
        subject: [[answer[0] for answer in sample["filtered_resps"]] for sample in answered["local_" + subject]]
        for subject in SUBJECTS
    }


PROFILE_ITEMS = 6


def profiles():
    """Requests of seven tasks, tokenised as older harnesses did: no BOS, and in 0.3 question and answer apart."""
    model = HFLM(pretrained=MODEL, dtype="float32", device="cpu", batch_size=1)

    def ids(text):
        return model.tok_encode(text, add_special_tokens=False)

    def apart(context, continuation):
        return ids(context), ids(continuation)

    def together(context, continuation):
        spaces = len(context) - len(context.rstrip())
        if spaces:
            context, continuation = context[:-spaces], context[-spaces:] + continuation
        before = ids(context)
        return before, ids(context + continuation)[len(before) :]

    known = json.load(open(SHARED / "golden/evaluation/lm-eval-stories260K.json"))["tasks"]
    # The public file of HellaSwag holds the joined context only.
    tasks = {name: known["hellaswag_rawctx" if name == "hellaswag" else name] for name in known if "rawctx" not in name}
    return {
        profile: {
            name: [
                [
                    score
                    for score, _ in model._loglikelihood_tokens(
                        [((r["context"], r["continuation"]),) + encode(r["context"], r["continuation"]) for r in item["requests"]],
                        disable_tqdm=True,
                    )
                ]
                for item in task["first20"][:PROFILE_ITEMS]
            ]
            for name, task in tasks.items()
        }
        for profile, encode in (("H3", apart), ("H40", together))
    }


# --- GSM8K -----------------------------------------------------------------------------------------------------------

SOLUTIONS = ["<<3*6=18>>18\n#### 18", "#### 1,234", "#### -5", "#### 2.5", "one #### 1 two #### 7", "#### 0"]
WORKED = [
    "#### 18", "#### 18.", "#### 18.0", "####18", "#### $18", "so $18.", "18 or 20", "#### 18 and 20", "#### 20 #### 18", "18,",
    "#### 1,234", "$1,234.00", "#### -5", "- 5", "-$5", "10-5", "2.50", "#### 2.5.", "$2.5 per kg", "7", "..", "#### ", "#### ,",
    "#### 0", "00", "I do not know", "１８", "#### 18\n#### 19", "#### 18%", "18\nthe end .", "",
]


def gsm8k():
    task = yaml.safe_load((TASKS / "gsm8k/gsm8k.yaml").read_text())
    rules = {k: v for k, v in task["metric_list"][0].items() if k not in ("metric", "aggregation", "higher_is_better")}
    verdicts = []
    for solution in SOLUTIONS:
        for answer in WORKED:
            scores = []
            for chosen in task["filter_list"]:
                steps = [(f["function"], {k: v for k, v in f.items() if k != "function"} or None) for f in chosen["filter"]]
                item = Instance("generate_until", {}, ("", {}), 0)
                item.resps = [answer]
                build_filter_ensemble(chosen["name"], steps).apply([item])
                found = item.filtered_resps[chosen["name"]]
                scores.append(float(exact_match_hf_evaluate(predictions=[found], references=[solution], **rules)["exact_match"]))
            verdicts.append({"solution": solution, "answer": answer, "strict": scores[0], "flexible": scores[1]})
    return verdicts


# --- IFEval ----------------------------------------------------------------------------------------------------------

INSTRUCTIONS = [
    ("punctuation:no_comma", {}),
    ("length_constraints:number_words", {"relation": "at least", "num_words": 5}),
    ("length_constraints:number_words", {"relation": "less than", "num_words": 5}),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}),
    ("length_constraints:nth_paragraph_first_word", {"num_paragraphs": 3, "nth_paragraph": 2, "first_word": "Two"}),
    ("keywords:existence", {"keywords": ["elm", "oak"]}),
    ("keywords:frequency", {"relation": "at least", "keyword": "elm", "frequency": 3}),
    ("keywords:frequency", {"relation": "less than", "keyword": "elm", "frequency": 3}),
    ("keywords:forbidden_words", {"forbidden_words": ["elm", "oak"]}),
    ("keywords:letter_frequency", {"let_relation": "at least", "letter": "e", "let_frequency": 4}),
    ("keywords:letter_frequency", {"let_relation": "less than", "letter": "T", "let_frequency": 2}),
    ("detectable_content:number_placeholders", {"num_placeholders": 2}),
    ("detectable_content:postscript", {"postscript_marker": "P.S."}),
    ("detectable_content:postscript", {"postscript_marker": "P.P.S"}),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}),
    ("detectable_format:constrained_response", {}),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 3}),
    ("detectable_format:multiple_sections", {"section_spliter": "SECTION", "num_sections": 2}),
    ("detectable_format:json_format", {}),
    ("detectable_format:title", {}),
    ("combination:two_responses", {}),
    ("combination:repeat_prompt", {"prompt_to_repeat": "Name a tree."}),
    ("startend:end_checker", {"end_phrase": "That is all."}),
    ("startend:quotation", {}),
    ("change_case:capital_word_frequency", {"capital_relation": "at least", "capital_frequency": 4}),
    ("change_case:capital_word_frequency", {"capital_relation": "less than", "capital_frequency": 6}),
    ("change_case:capital_word_frequency", {"capital_relation": "at least", "capital_frequency": 9}),
    ("change_case:english_capital", {}),
    ("change_case:english_lowercase", {}),
]
ANSWERS = [
    " ", "Hello.", "One, two, three, four, five.", "all small no capitals", "ALL CAPITALS HERE", "naïve café 日本語 words five", "3 < 4", "ab",
    "HELLO THERE, I AM. DON'T STOP! A.B.C. X-RAY", "I'LL GO; CAN'T WE? GONNA CANNOT", "dash--DASH--DASH", "A... B... C ... D", "x\u00a0Y\u00a0Z",
    "WAR II: D-DAY (1944) USA/UK \"NATO\" AT&T", "'SINGLE' \"DOUBLE\" `TICK` <<QUOTE>>", "100% OK #1 TAG @HOME $USD", "GIMME WHATCHA LEMME D'YE 'TIS",
    "* a\n* b", "* a\n- b\n ** c", "- a\r\n- b", "\n- a\n\n- b", "1\u2028* a\u2028* b", "a\u0085- b", "*\n* x", "1. a\n2. b",
    "*a* and **b**", "*one* *two* *three*", "** ** * * x", "*a * b*", "**a** **b**",
    "<<A title>>", "<< >>", "<<a\nb>>", "<<<a>>>", "\"quoted\"", "\"", "\"\"", " \"quoted\" \n",
    "{\"a\": 1}", "```json\n{\"a\": [1]}\n```", "```\n[1]\n```", "```JSON {\"a\":NaN}```", "Infinity", "-Infinity", "{\"a\":1,}", "{'a':1}",
    "{\"a\":1,\"a\":2}", "1", "01", "null", "[1] [2]", "{\"a\": \"line\nbreak\"}", "{} done", "```python\n1\n```", "// c\n1",
    "[name] in [city]", "[a\nb] []", "a *** b", "***a***b***", "a\n***\nb", "a *** *** b", "a\n\nb\n\nc", "one\n\nTwo, x\n\nthree", "one\n\n'two' x\n\nthree",
    "one\n\n\"Two\n\nthree", "one\n\ntwofold\n\nthree", "one\n\n\ntwo\n\nthree", "a ****** b", "a ****** a", "****** a ****** b ******", "a ****** ****** b",
    "a ****** b ****** c", "x P.S. y", "x p. s. y", "p.s y", "P. P. S y", "P.P.S. y", "P.  S. x", "My answer is yes.", "I say: My answer is maybe. Ok",
    "my answer is no.", "SECTION 1 a SECTION 2 b", "Section 1 a Section 2 b", "SECTION 1 a SECTION b", "SECTION1SECTION2", "elm oak", "ELM, Oak",
    "elms oaken", "elm elm Elm", "elmelmelm", "an elm-tree", "eeee", "EeEé", "tT", "Name a tree. Elm.", " name A TREE. elm", "Well: Name a tree.",
    "So it is. That is all.", "That is all.\"", "that is all. ", "That is all", "123", "A1", "ß STRASSE", "ǅ",
]


def ifeval():
    # The trained splitter of sentences comes from the network; no instruction above asks for sentences.
    splitter = PunktSentenceTokenizer()
    words = NLTKWordTokenizer()
    nltk.data.find = lambda *ignored, **also: None
    nltk.word_tokenize = lambda text: [word for part in splitter.tokenize(text) for word in words.tokenize(part)]
    from lm_eval.tasks.ifeval import instructions_registry

    verdicts = []
    for name, arguments in INSTRUCTIONS:
        instruction = instructions_registry.INSTRUCTION_DICT[name](name)
        instruction.build_description(**arguments)
        follow = [answer for answer in ANSWERS if answer.strip() and instruction.check_following(answer)]
        # A rule that all answers follow, or none, would show nothing.
        assert 0 < len(follow) < len(ANSWERS), name
        verdicts.append({"instruction": name, "arguments": arguments, "followedBy": follow})
    return {"answers": ANSWERS, "verdicts": verdicts}


if __name__ == "__main__":
    import tempfile

    write("ifeval.json", ifeval())
    write("gsm8k.json", gsm8k())
    write("profiles-stories260K.json", profiles())
    with tempfile.TemporaryDirectory() as folder:
        write("mmlu-stories260K.json", mmlu(Path(folder)))
