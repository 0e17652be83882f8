"""Small random models of the BERT family with a tokenizer of whole words."""

import json

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoConfig, AutoModel, PreTrainedTokenizerFast

letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
words = ["the", "cat", "sat", "on", "mat", "dog", "and", "query", "passage", ":", *letters]
bert_specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
roberta_specials = ["<s>", "<pad>", "</s>", "<unk>"]
hidden = 12
max_tokens = 24


def is_roberta(model_type):
    return model_type in ("roberta", "xlm-roberta", "camembert", "data2vec-text")


def tokenizer_of(model_type):
    specials = roberta_specials if is_roberta(model_type) else bert_specials
    unknown, first, last, pad = (
        ("<unk>", "<s>", "</s>", "<pad>") if is_roberta(model_type) else ("[UNK]", "[CLS]", "[SEP]", "[PAD]")
    )
    vocab = {word: index for index, word in enumerate([*specials, *words])}
    tokenizer = Tokenizer(models.WordLevel(vocab, unk_token=unknown))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, vocab[first]), (last, vocab[last])]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token=unknown,
        pad_token=pad,
        cls_token=first,
        sep_token=last,
        bos_token=first,
        eos_token=last,
        model_max_length=max_tokens,
        model_input_names=["input_ids", "attention_mask"],
    )


def config_of(model_type, changes):
    rows = max_tokens + 2 if is_roberta(model_type) else max_tokens
    common = {"vocab_size": len(words) + 4, "max_position_embeddings": rows}
    geometry = (
        {"dim": hidden, "n_layers": 2, "n_heads": 3, "hidden_dim": 20}
        if model_type == "distilbert"
        else {
            "hidden_size": hidden,
            "num_hidden_layers": 2,
            "num_attention_heads": 3,
            "intermediate_size": 20,
            "layer_norm_eps": 1e-5,
            "type_vocab_size": 1 if is_roberta(model_type) else 2,
        }
    )
    if is_roberta(model_type):
        common |= {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2}
    return AutoConfig.for_model(model_type, **common, **geometry, **changes)


def fill(module):
    """Weights that make attention concentrated and no value small, so that a fault is visible."""
    for name, parameter in module.named_parameters():
        is_norm = "norm" in name.lower()
        around = 1.0 if is_norm and name.endswith("weight") else 0.0
        spread = 0.1 if is_norm or name.endswith("bias") else 0.5
        parameter.data.normal_(around, spread)


def encoder_folder(layout, folder):
    """A model of transformers alone, before sentence-transformers adds modules."""
    model_type = layout.get("model_type", "bert")
    tokenizer = tokenizer_of(model_type)
    torch.manual_seed(11)
    model = AutoModel.from_config(config_of(model_type, layout.get("config", {})))
    fill(model)
    model.to(layout.get("dtype", torch.float32)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def save_model(layout, folder):
    encoder_folder(layout, folder)
    if layout["modules"] is not None:
        modules = [Transformer(str(folder)), *[make() for make in layout["modules"]]]
        for module in modules[1:]:
            fill(module)
        dtype = layout.get("dtype")
        model = SentenceTransformer(modules=modules, device="cpu", truncate_dim=layout.get("truncate_dim"))
        if dtype:
            model.to(dtype)
        model.save_pretrained(str(folder), create_model_card=False)
    for path, change in layout.get("files", {}).items():
        file = folder / path
        file.write_text(json.dumps(change(json.loads(file.read_text()))))
