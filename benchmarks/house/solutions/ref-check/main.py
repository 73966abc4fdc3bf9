import sys

from ostrelle.waymark import is_sound


def main() -> int:
    status = 0
    for text in sys.argv[1:]:
        if is_sound(text):
            print(f"{text}: sound")
        else:
            print(f"{text}: broken")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
