"""Models that ripvec must refuse by name: other encoders, other modules. They are tiny, with random
weights."""

import numpy
import torch
import trained
import transformers as t
from directories import change
from sentence_transformers import SentenceTransformer
from sentence_transformers import models as modules

TINY = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}


def encoders(size):
    yield "MPNet", lambda: t.MPNetModel(t.MPNetConfig(vocab_size=size, **TINY))
    yield "ALBERT", lambda: t.AlbertModel(t.AlbertConfig(vocab_size=size, embedding_size=16, **TINY))
    yield "DeBERTa v2", lambda: t.DebertaV2Model(t.DebertaV2Config(vocab_size=size, **TINY))
    yield "ModernBERT", lambda: t.ModernBertModel(t.ModernBertConfig(vocab_size=size, pad_token_id=0, **TINY))
    yield "T5 encoder", lambda: t.T5EncoderModel(t.T5Config(
        vocab_size=size, d_model=32, d_kv=16, d_ff=64, num_layers=2, num_heads=2))
    yield "Qwen3", lambda: t.Qwen3Model(t.Qwen3Config(vocab_size=size, head_dim=16, num_key_value_heads=1, **TINY))
    yield "Gemma3", lambda: t.Gemma3TextModel(t.Gemma3TextConfig(
        vocab_size=size, head_dim=16, num_key_value_heads=1, **TINY))
    yield "Funnel", lambda: t.FunnelModel(t.FunnelConfig(vocab_size=size, d_model=32, n_head=2, d_head=16, d_inner=64))
    yield "BERT decoder", lambda: t.BertModel(t.BertConfig(vocab_size=size, is_decoder=True, **TINY))


def make_refused(maker, texts):
    tokenizer = trained.bert(texts, 1000)

    for name, build in encoders(len(tokenizer)):
        def make(directory, build=build):
            torch.manual_seed(1)
            build().save_pretrained(directory)
            tokenizer.save_pretrained(directory)
        maker.add("refused", name, "an encoder that is not built", "random", make, expect="refused")

    def static(directory):
        layer = modules.StaticEmbedding(tokenizer._tokenizer, embedding_weights=numpy.random.rand(len(tokenizer), 16).astype("f4"))
        SentenceTransformer(modules=[layer], device="cpu").save(str(directory), create_model_card=False)
    maker.add("refused", "StaticEmbedding", "no encoder at all", "random", static, expect="refused")

    def own_code(directory):
        maker.copy_original(directory)
        change(directory / "config.json", auto_map={"AutoModel": "modeling.Model"})
    maker.add("refused", "code of its own", "config.json with auto_map", "real", own_code, expect="refused")

    def router(directory):
        encoder = SentenceTransformer(str(maker.original), device="cpu")[0]
        routes = modules.Router.for_query_document([encoder], [encoder])
        SentenceTransformer(modules=[routes], device="cpu").save(str(directory), create_model_card=False)
    maker.add("refused", "Router", "two encoders", "real", router, expect="refused")

    def relative(directory):
        maker.copy_original(directory)
        change(directory / "config.json", position_embedding_type="relative_key")
    maker.add("refused", "relative positions", "config.json with relative_key", "real", relative, expect="refused")
