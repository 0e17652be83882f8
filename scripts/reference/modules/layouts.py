"""The layouts. A layout has the modules after the encoder (None: no modules.json), and the changes
to files."""

import torch
from sentence_transformers.models import Dense, Dropout, LayerNorm, Normalize, Pooling
from models import hidden
from torch import nn

every_mode = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]
long_text = "b c d e f g h i j k l m n o p q r s t u v w x y z"


def pooling(mode="mean", **options):
    return lambda: Pooling(hidden, mode, **options)


def dense(inputs=hidden, outputs=7, activation=None, **options):
    return lambda: Dense(inputs, outputs, activation_function=activation or nn.Identity(), **options)


def layout(name, *modules, **more):
    return {"name": name, "modules": modules, **more}


def old_flags(**flags):
    """1_Pooling/config.json as versions before 5.4 wrote it."""
    return {"1_Pooling/config.json": lambda _: {"word_embedding_dimension": hidden, **flags}}


def old_flags_for(*modes):
    keys = {
        "cls": "pooling_mode_cls_token",
        "max": "pooling_mode_max_tokens",
        "mean": "pooling_mode_mean_tokens",
        "mean_sqrt_len_tokens": "pooling_mode_mean_sqrt_len_tokens",
        "weightedmean": "pooling_mode_weightedmean_tokens",
        "lasttoken": "pooling_mode_lasttoken",
    }
    return old_flags(**{key: mode in modes for mode, key in keys.items()}, include_prompt=True)


def old_types(modules):
    return [{**m, "type": "sentence_transformers.models." + m["type"].split(".")[-1]} for m in modules]


def encoder(name, model_type, **more):
    return layout(name, pooling(), model_type=model_type, **more)


poolings = [
    *[layout(f"pooling {mode}", pooling(mode)) for mode in every_mode],
    layout("pooling cls + max + mean", pooling(["cls", "max", "mean"])),
    layout("pooling lasttoken + weightedmean + max, in this order", pooling(["lasttoken", "weightedmean", "max"])),
    layout("old flags: all true", pooling(), files=old_flags_for(*every_mode)),
    layout("old flags: all false", pooling(), files=old_flags_for()),
    layout("old flags: mean and cls", pooling(), files=old_flags_for("mean", "cls")),
    layout("old flags: pooling_mode_cls_token alone", pooling(), files=old_flags(pooling_mode_cls_token=True)),
    layout("old flags: width alone", pooling(), files=old_flags()),
    layout("old module types", pooling("cls"), Normalize, files={"modules.json": old_types}),
    layout("normalize_embeddings", pooling(), normalize=True),
]

prompts = [
    layout("prompt, pooled", pooling(), prompt="query: "),
    *[layout(f"prompt, not pooled, {mode}", pooling(mode, include_prompt=False), prompt="query: ") for mode in every_mode],
    layout("prompt, not pooled, every mode", pooling(every_mode, include_prompt=False), prompt="the cat : ", texts=["a", long_text, "", "z y x"]),
    layout("include_prompt false without a prompt", pooling(["cls", "mean"], include_prompt=False)),
    encoder("prompt, not pooled, roberta", "roberta", prompt="query : "),
    layout("prompt longer than the limit", pooling("mean", include_prompt=False), prompt=long_text, texts=["a", "z y x"]),
]

activations = [nn.Tanh(), nn.Identity(), nn.ReLU(), nn.GELU(), nn.GELU(approximate="tanh"), nn.Sigmoid(), nn.SiLU()]

denses = [
    *[layout(f"dense {activation}", pooling(), dense(activation=activation)) for activation in activations],
    layout("dense without bias", pooling("cls"), dense(bias=False, activation=nn.Tanh())),
    layout("dense with residual", pooling(), dense(outputs=hidden, activation=nn.Tanh(), use_residual=True)),
    layout("dense with projected residual", pooling(), dense(activation=nn.ReLU(), use_residual=True), Normalize),
    layout("dense behind two poolings", pooling(["mean", "max"]), dense(inputs=2 * hidden, activation=nn.Tanh())),
    layout("dense on token vectors", dense(activation=nn.Tanh(), module_input_name="token_embeddings"), lambda: Pooling(7, "mean")),
    layout("dense on token vectors behind pooling", pooling(), dense(activation=nn.Tanh(), module_input_name="token_embeddings")),
    layout("two dense", pooling(), dense(outputs=16, activation=nn.GELU()), dense(inputs=16, outputs=5), Normalize),
    layout("dense by a short class name", pooling(), dense(activation=nn.ReLU()), files={"2_Dense/config.json": lambda c: {**c, "activation_function": "torch.nn.ReLU"}}),
]

others = [
    layout("normalize", pooling("cls"), Normalize),
    layout("normalize twice", pooling(), Normalize, Normalize),
    layout("normalize before dense", pooling(), Normalize, dense(activation=nn.Tanh())),
    layout("normalize on token vectors", lambda: Normalize(module_input_name="token_embeddings"), pooling()),
    layout("normalize on token vectors behind pooling", pooling(), lambda: Normalize(module_input_name="token_embeddings")),
    layout("layer norm", pooling(), lambda: LayerNorm(hidden)),
    layout("layer norm, dense, dropout, normalize", pooling("max"), lambda: LayerNorm(hidden), dense(), Dropout, Normalize),
    layout("truncate_dim", pooling(), truncate_dim=5),
    layout("truncate_dim behind normalize", pooling(), Normalize, truncate_dim=5),
    layout("truncate_dim above the width", pooling(), Normalize, truncate_dim=500),
    layout("truncate_dim, then normalize_embeddings", pooling(), Normalize, truncate_dim=5, normalize=True),
]

encoders = [
    encoder("distilbert", "distilbert"),
    encoder("electra", "electra", config={"embedding_size": 8}),
    encoder("ernie", "ernie", config={"use_task_id": False}),
    encoder("ernie with task types", "ernie", config={"use_task_id": True}),
    encoder("data2vec-text", "data2vec-text"),
    encoder("xlm-roberta", "xlm-roberta"),
    encoder("roberta with padding inside a text", "roberta", texts=["a <pad> b", "<pad> a", "a <pad> <pad> b c", "a <pad>", "a b"]),
    encoder("bert with padding inside a text", "bert", texts=["a [PAD] b", "a b"]),
    *[
        encoder(f"hidden_act {name}", "bert", config={"hidden_act": name})
        for name in ["relu", "silu", "swish", "gelu_new", "gelu_python_tanh", "gelu_accurate", "tanh", "sigmoid", "linear"]
    ],
    encoder("distilbert with relu", "distilbert", config={"activation": "relu"}),
    layout("f64 weights", pooling(), dense(activation=nn.Tanh()), Normalize, dtype=torch.float64),
    {"name": "no modules.json", "modules": None},
    {"name": "no modules.json, a decoder", "modules": None, "model_type": "roberta", "files": {"config.json": lambda c: {**c, "architectures": ["RobertaForCausalLM"]}}},
    {
        "name": "no modules.json, a decoder that sees both sides",
        "modules": None,
        "model_type": "roberta",
        "files": {"config.json": lambda c: {**c, "architectures": ["RobertaForCausalLM"], "is_causal": False}},
    },
]

layouts = [*poolings, *prompts, *denses, *others, *encoders]
