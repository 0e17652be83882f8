"""all-MiniLM-L6-v2 in the layouts of other architectures: other files with the same vectors and
real activations."""


import torch
from directories import change, read, write
from safetensors.torch import load_file, save_file

BERT_LAYER = {
    "attention.self.query": "attention.q_lin",
    "attention.self.key": "attention.k_lin",
    "attention.self.value": "attention.v_lin",
    "attention.output.dense": "attention.out_lin",
    "attention.output.LayerNorm": "sa_layer_norm",
    "intermediate.dense": "ffn.lin1",
    "output.dense": "ffn.lin2",
    "output.LayerNorm": "output_layer_norm",
}


def folded(tensors):
    """Token type 0 is added to every token, so it can be added to the position embeddings."""
    tensors = dict(tensors)
    types = tensors.pop("embeddings.token_type_embeddings.weight")
    name = "embeddings.position_embeddings.weight"
    tensors[name] = tensors[name] + types[0]
    return tensors


def distilbert(tensors):
    renamed = {}
    for name, tensor in folded(tensors).items():
        if name.startswith("encoder.layer."):
            _, _, number, rest = name.split(".", 3)
            stem, kind = rest.rsplit(".", 1)
            name = f"transformer.layer.{number}.{BERT_LAYER[stem]}.{kind}"
        if not name.startswith("pooler"):
            renamed[name] = tensor
    return renamed


def shifted(tensors):
    """RoBERTa's layout: [PAD] is token 1, positions start at 2, and there is one token type of
    zeros."""
    tensors = folded(tensors)
    words = tensors["embeddings.word_embeddings.weight"]
    tensors["embeddings.word_embeddings.weight"] = words[[1, 0, *range(2, len(words))]].contiguous()
    positions = tensors["embeddings.position_embeddings.weight"]
    tensors["embeddings.position_embeddings.weight"] = torch.cat([torch.zeros(2, 384), positions])
    tensors["embeddings.token_type_embeddings.weight"] = torch.zeros(1, 384)
    return tensors


def swap_padding(directory):
    tokenizer = read(directory / "tokenizer.json")
    vocabulary = tokenizer["model"]["vocab"]
    vocabulary["[PAD]"], vocabulary["[unused0]"] = 1, 0
    for token in tokenizer["added_tokens"]:
        if token["content"] == "[PAD]":
            token["id"] = 1
    tokenizer["truncation"] = tokenizer["padding"] = None
    write(directory / "tokenizer.json", tokenizer)
    change(directory / "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast")
    (directory / "vocab.txt").unlink()


def make_transplants(maker):
    original = load_file(maker.original / "model.safetensors")
    original.pop("embeddings.position_ids", None)

    def save(directory, tensors, config):
        maker.copy_original(directory, without=("model.safetensors", "config.json"))
        save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})
        write(directory / "config.json", config)

    bert = read(maker.original / "config.json")
    for unwanted in ("_name_or_path", "transformers_version"):
        bert.pop(unwanted)

    def to_distilbert(directory):
        save(directory, distilbert(original), {
            "model_type": "distilbert", "architectures": ["DistilBertModel"], "dim": 384, "hidden_dim": 1536,
            "n_heads": 12, "n_layers": 6, "vocab_size": 30522, "max_position_embeddings": 512, "pad_token_id": 0,
            "activation": "gelu", "sinusoidal_pos_embds": False})
    maker.add("transplants", "DistilBERT", "MiniLM as DistilBertModel", "transplanted", to_distilbert)

    def to_roberta(model_type, architecture, prefix):
        def make(directory):
            tensors = {prefix + name: tensor for name, tensor in shifted(original).items()}
            save(directory, tensors, {**bert, "model_type": model_type, "architectures": [architecture],
                                      "pad_token_id": 1, "type_vocab_size": 1, "max_position_embeddings": 514})
            swap_padding(directory)
        return make
    for name, model_type, architecture, prefix in (
        ("RoBERTa", "roberta", "RobertaModel", ""),
        ("RoBERTa with a head", "roberta", "RobertaForMaskedLM", "roberta."),
        ("XLM-RoBERTa", "xlm-roberta", "XLMRobertaModel", ""),
        ("CamemBERT", "camembert", "CamembertModel", ""),
    ):
        maker.add("transplants", name, f"MiniLM as {architecture}", "transplanted",
                  to_roberta(model_type, architecture, prefix))

    def to_electra(directory):
        tensors = {name: tensor for name, tensor in original.items() if not name.startswith("pooler")}
        save(directory, tensors, {**bert, "model_type": "electra", "architectures": ["ElectraModel"], "embedding_size": 384})
    maker.add("transplants", "ELECTRA", "MiniLM as ElectraModel", "transplanted", to_electra)

    def to_ernie(task):
        def make(directory):
            tensors = dict(original)
            if task:
                tensors["embeddings.task_type_embeddings.weight"] = torch.zeros(3, 384)
            save(directory, tensors, {**bert, "model_type": "ernie", "architectures": ["ErnieModel"],
                                      "use_task_id": task, "task_type_vocab_size": 3})
        return make
    maker.add("transplants", "ERNIE", "MiniLM as ErnieModel", "transplanted", to_ernie(False))
    maker.add("transplants", "ERNIE with task types", "task types of zeros", "transplanted", to_ernie(True))
