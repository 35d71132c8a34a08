"""The generated district: an invented place with known truth, so that every claim can be measured by anyone.

``generator.write`` makes the register and the permits, ``truth`` says what is really so, ``definition`` holds the
shares it is made by; ``lives`` tells what befalls its businesses, ``departments`` writes what is sent of it.
Nothing here knows Django.
"""
