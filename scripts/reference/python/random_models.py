"""Models of transformers' own classes at real sizes, with random weights that give varied
activations."""

import torch
import trained
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers import models as modules


def scatter(model):
    """Random weights of the magnitude of trained ones, because transformers' own initialisation
    makes all texts alike."""
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "LayerNorm" in name or "layer_norm" in name:
                parameter.copy_(noise * 0.1 + (1 if name.endswith("weight") else 0))
            else:
                parameter.copy_(noise * 0.05)


def cases(texts):
    t = transformers
    base = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072}
    small = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
    bert, roberta, xlm = trained.bert(texts), trained.roberta(texts), trained.xlm_roberta(texts)
    camembert = trained.camembert(texts)
    for tokenizer in (roberta, xlm, camembert):
        tokenizer.model_max_length = 512  # of 514 positions, two are not reached
    yield "BERT-base", t.BertModel, t.BertConfig(vocab_size=len(bert), **base), bert, "cls"
    yield "DistilBERT-base", t.DistilBertModel, t.DistilBertConfig(vocab_size=len(bert)), bert, "mean"
    offset = {"max_position_embeddings": 514, "type_vocab_size": 1, "pad_token_id": 1, "layer_norm_eps": 1e-5}
    yield "RoBERTa-base", t.RobertaModel, t.RobertaConfig(vocab_size=len(roberta), **base, **offset), roberta, "mean"
    yield "XLM-RoBERTa-base", t.XLMRobertaModel, t.XLMRobertaConfig(vocab_size=len(xlm), **base, **offset), xlm, "mean"
    yield "CamemBERT-base", t.CamembertModel, t.CamembertConfig(vocab_size=len(camembert), **base, **offset), camembert, "mean"
    yield "ELECTRA-small", t.ElectraModel, t.ElectraConfig(
        vocab_size=len(bert), embedding_size=128, hidden_size=256, num_hidden_layers=12, num_attention_heads=4,
        intermediate_size=1024), bert, "mean"
    yield "ERNIE-base", t.ErnieModel, t.ErnieConfig(vocab_size=len(bert), use_task_id=True, **base), bert, "cls"
    yield "BERT, relu", t.BertModel, t.BertConfig(vocab_size=len(bert), hidden_act="relu", **small), bert, "mean"
    yield "BERT, gelu_new", t.BertModel, t.BertConfig(vocab_size=len(bert), hidden_act="gelu_new", **small), bert, "mean"
    yield "BERT, two token types, eps 1e-5", t.BertModel, t.BertConfig(
        vocab_size=len(bert), type_vocab_size=4, layer_norm_eps=1e-5, max_position_embeddings=130, **small), bert, "mean"
    large = {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096}
    yield "BERT-large", t.BertModel, t.BertConfig(vocab_size=len(bert), **large), bert, "cls"


def make_random(maker, texts, quick):
    for name, cls, config, tokenizer, pooling in cases(texts):
        if quick and name not in ("RoBERTa-base", "XLM-RoBERTa-base", "ELECTRA-small"):
            continue

        def make(directory, cls=cls, config=config, tokenizer=tokenizer, pooling=pooling):
            torch.manual_seed(3)
            model = cls(config)
            scatter(model)
            inner = directory / "plain"
            model.save_pretrained(inner)
            tokenizer.save_pretrained(inner)
            encoder = modules.Transformer(str(inner))
            pool = modules.Pooling(config.hidden_size, pooling)
            SentenceTransformer(modules=[encoder, pool, modules.Normalize()], device="cpu").save(
                str(directory), create_model_card=False)
            for path in inner.iterdir():
                path.unlink()
            inner.rmdir()
        maker.add("random", name, f"{cls.__name__}, random weights", "random", make)
