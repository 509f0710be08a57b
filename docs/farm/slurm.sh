#!/bin/bash
# A Slurm array over one folder: sbatch slurm.sh FOLDER OUTPUT OPERATION [option of psp-layers batch…]
#SBATCH --job-name=psp-layers
#SBATCH --array=0-3
#SBATCH --requeue
#SBATCH --open-mode=append
set -eu
# The number of shards, whichever of them are run: a part that is submitted again must stay the same part.
shards=4
folder=$1 output=$2 operation=$3
shift 3
# exec: Slurm's SIGTERM, before it kills a task, reaches the run itself.
exec psp-layers batch "$folder" --recursive --operation "$operation" --output "$output" \
  --shard "$SLURM_ARRAY_TASK_ID/$shards" --results "$output/results.$SLURM_ARRAY_TASK_ID.jsonl" \
  --allow-failures --progress plain "$@"
