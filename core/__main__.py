"""The command line: everything the page can do to data and runs.

    python -m core clean    FILE… [--out cleaned.jsonl] [--report report.json] [--fix all|none|name,name]
    python -m core train    --data FILE… --base PATH_OR_ID [--strategy lora] [--preset quick|balanced|thorough]
                            [--set name=value]… [--plan plan.json] [--out RUN_DIR] [--resume]
    python -m core search   --minutes N (same options as train)
    python -m core estimate (same options as train)
    python -m core chat     --run RUN_DIR --prompt TEXT [--json]
    python -m core export   --run RUN_DIR --to adapter|merged --out DIR
    python -m core runs     [list|show ID|delete ID|up ID|down ID|cancel ID]

Exit codes: 0 done; 1 a failure of ours; 2 the person's input or options.
"""

import sys

from core.cli.parser import run_command

if __name__ == "__main__":
    sys.exit(run_command(sys.argv[1:]))
