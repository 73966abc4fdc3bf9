"""加密和解密文字。"""

import sys

from cipher import caesar, vigenere


def main() -> int:
    match sys.argv[1:]:
        case ["caesar" | "vigenere" as kind, "encrypt" | "decrypt" as action, key, text]:
            pass
        case _:
            print("error: 用法 main.py caesar|vigenere encrypt|decrypt 密钥 文字", file=sys.stderr)
            return 1
    try:
        if kind == "caesar":
            print(caesar(text, int(key) if action == "encrypt" else -int(key)))
        else:
            print(vigenere(text, key, decrypt=action == "decrypt"))
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
