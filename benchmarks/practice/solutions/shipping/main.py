import sys

from shipping import cost


def main(words):
    express = "--express" in words
    words = [word for word in words if word != "--express"]
    try:
        weight, zone = words
        print(f"{cost(float(weight), zone, express):.2f}")
    except (ValueError, KeyError) as error:
        sys.exit(f"error: {error}")


main(sys.argv[1:])
