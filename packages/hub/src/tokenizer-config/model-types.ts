/**
 * Tokenizer class by `model_type`, as in transformers 5; "" for types whose class is not supported
 * here.
 */
export const classOfModelType: ReadonlyMap<string, string> = new Map([
  ...each(
    "BertTokenizer",
    `align bark bert blip bros chinese_clip convbert distilbert electra ernie flava git grounding-dino
    layoutlm megatron-bert mm-grounding-dino mobilebert nezha nomic_bert qdqbert realm retribert
    squeezebert tvp vilt visual_bert`,
  ),
  ...each(
    "RobertaTokenizer",
    `bart bridgetower clap data2vec-text ibert lilt longformer mega mra roberta roberta-prelayernorm`,
  ),
  ...each("XLMRobertaTokenizer", `gte jina_embeddings_v3 metaclip_2 trocr xlm-roberta xmod`),
  ...each("CamembertTokenizer", `camembert`),
  ...each("MPNetTokenizer", `mpnet`),
  ...each(
    "GPT2Tokenizer",
    `blip-2 codegen dbrx emu3 gpt2 gpt_neo gptj hyperclovax_vision_v2 instructblip instructblipvideo
    jais2 opt phi starcoder2`,
  ),
  ...each(
    "",
    `aimv2 albert audioflamingo3 aya_vision barthez bartpho bert-generation bert-japanese bertweet
    big_bird biogpt blenderbot blenderbot-small byt5 canine clip clipseg clvp code_llama cohere cohere2
    colqwen2 cosmos3_omni cpm cpmant ctrl data2vec-audio deberta deberta-v2 dia diffusion_gemma
    dots3_note dpr esm esmc esmfold2 falcon_mamba flaubert florence2 fnet fsmt fun_asr_nano funnel gemma
    gemma2 gemma3 gemma3_text gemma3n gemma3n_text gpt-sw3 gpt_neox gpt_neox_japanese
    granite_speech5_ctc groupvit herbert hubert hunyuan_vl idefics idefics2 internvl lasr_ctc
    lasr_encoder layoutlmv2 layoutlmv3 layoutxlm led lighton_ocr luke lxmert m2m_100 mamba mamba2 marian
    markuplm mbart mbart50 mgp-str mluke moss_transcribe_diarize mpt mt5 musicgen musicgen_melody mvp
    myt5 nemotron3_5_asr nemotron_asr_streaming nllb nllb-moe nougat olmo olmoe omdet-turbo omniasr_ctc
    oneformer openai-gpt ovis2 owlv2 owlvit parakeet_ctc parakeet_rnnt parakeet_tdt pegasus perceiver
    phobert plbart pp_formulanet prophetnet qianfan_ocr qwen2 qwen2_5_omni qwen2_5_vl qwen2_audio
    qwen2_moe qwen2_vl qwen3 qwen3_5 qwen3_5_moe qwen3_5_moe_text qwen3_5_text qwen3_asr qwen3_moe
    qwen3_next qwen3_omni_moe qwen3_vl qwen3_vl_moe qwen4_exp rag recurrent_gemma reformer rembert
    roc_bert roformer rwkv sam3 sam3_video seamless_m4t seamless_m4t_v2 shieldgemma2 siglip siglip2
    speech_to_text speecht5 splinter switch_transformers t5 t5gemma tapas tipsv2 udop unispeech
    unispeech-sat vibevoice videoprism vits wav2vec2 wav2vec2-bert wav2vec2-conformer wav2vec2_phoneme
    whisper xclip xglm xlm xlnet xlstm yoso zaya`,
  ),
]);

function each(name: string, modelTypes: string): [string, string][] {
  return modelTypes.split(/\s+/).map((type) => [type, name]);
}

/**
 * Model types for which transformers 5 ignores a tokenizer_class other than its own: nearly all use
 * tokenizer.json unchanged.
 */
export const overridingClass: ReadonlyMap<string, string> = new Map([
  ...each(
    "PreTrainedTokenizerFast",
    `EvollaModel arctic aria beam bigbird_pegasus camembertv2-base canary chatlm cohere_asr ernie4_5 ernie4_5_moe
    flex_olmo fuyu glm glm4 glm4_moe glm4_moe_lite glm4v glm4v_moe glm_image glmasr got_ocr2 gpt_bigcode
    gradium_phonon_tts granite granitemoe granitemoehybrid granitemoeshared h2ovl_chat hyperclovax hyperclovax_vlm
    internlm2 internlm3 iquestcoder jamba kimi_k25 kimi_linear kosmos-2 llava llava_next mimo_v2_flash minicpm3
    minicpm_ocr minicpmv minicpmv4_6 minicpmv4_7 minimax_m2 ministral ministral3 mistral mistral3 mistral_large4
    mixtral modernbert modernbert-decoder molmo molmo2 nemo_speechlm nemotron nvfp4 nystromformer olmo2 olmo3
    olmo_hybrid omniasr opencua openvla paddleocr_vl pegasus_x persimmon phi3 phi3_v phimoe pix2struct pixtral
    pocket_tts smolvlm stablelm step3_vl umt5 vipllava voxtral voxtral_realtime xlm-roberta-xl`,
  ),
  ["hyperclovax_vision_v2", "GPT2Tokenizer"],
  ["qwen2", "Qwen2Tokenizer"],
  ...each("Qwen3_5Tokenizer", "qwen3_5 qwen3_5_moe qwen3_5_moe_text qwen4_exp"),
  ["siglip2", "Siglip2Tokenizer"],
]);

/** Classes without a tokenizer.json, and what their Python code does. */
export const pythonOnly: ReadonlyMap<string, string> = new Map([
  ["BertJapaneseTokenizer", "it splits Japanese text by MeCab or Sudachi"],
  ["PhobertTokenizer", "it expects Vietnamese text that is split into words already"],
  ["BertweetTokenizer", "it rewrites tweets before it splits them"],
  ["BartphoTokenizer", "it maps SentencePiece ids to its own vocabulary"],
  ["RoCBertTokenizer", "it adds shapes and sounds of Chinese characters"],
  ["CanineTokenizer", "it hashes code points"],
  ["ByT5Tokenizer", "its tokens are bytes"],
  ["XLMTokenizer", "it normalises text by language"],
  ["FlaubertTokenizer", "it normalises text by language"],
  ["ProphetNetTokenizer", "it splits text by its own code"],
  ["TapasTokenizer", "it flattens tables"],
  ["EsmTokenizer", "it splits proteins by its own code"],
]);
